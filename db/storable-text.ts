/** Text of anyone's making, cut to `maxLength` and without NUL, which PostgreSQL's text cannot hold. */
export function storableText(text: string, maxLength: number): string {
  return text.replaceAll('\0', '\u2400').slice(0, maxLength);
}
