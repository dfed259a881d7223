/** Half of a character beyond the BMP, such as a cut leaves behind: neither UTF-8 nor jsonb has it. */
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Text of anyone's making, cut to `maxLength` and without what PostgreSQL's text cannot hold. */
export function storableText(text: string, maxLength: number): string {
  return text.slice(0, maxLength).replaceAll('\0', '\u2400').replace(LONE_SURROGATE, '\ufffd');
}

/** The same for all texts in a value that is to be JSON. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'string' ? storableText(one, one.length) : one,
  );
}
