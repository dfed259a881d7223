/** Where `npm start` writes the settings of the system that it runs, in its data folder. */
export const SETTINGS_FILE = 'system.env';
