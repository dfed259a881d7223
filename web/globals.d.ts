/** Whether this is the page of development. */
declare const __DEVELOPMENT__: boolean;
