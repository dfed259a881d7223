/** What must be in no log, wherever it stands: in a message, a stack, an error of somebody else's. */
const HIDDEN: readonly (readonly [pattern: RegExp, instead: string])[] = [
  // a password in a URL
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s"'/@]*:[^\s"'@]+@/gi, '$1[redacted]@'],
  // a mail address (RFC 5321), which is somebody's
  [/[\w.!#$%&'*+/=?^`{|}~-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}\b/gi, '[address]'],
  // keys of Stripe and of ours, and the secrets of webhooks
  [/\b(sk|rk|pk)_(live|test)_\w+/g, '$1_[redacted]'],
  [/\b(whsec|tdm|pm)_[\w+/=-]{6,}/g, '$1_[redacted]'],
  // a token (JWT, JWE), and whatever is sent as one
  [/\beyJ[\w-]+(?:\.[\w-]*){2,4}/g, '[token]'],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{6,}/gi, '$1 [redacted]'],
];

/** The text without secrets and personal data that are known by their form. */
export function redacted(text: string): string {
  return HIDDEN.reduce((left, [pattern, instead]) => left.replace(pattern, instead), text);
}
