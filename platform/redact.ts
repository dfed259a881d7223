/**
 * What must be in no log, wherever it stands: in a message, a stack, an error of somebody else's.
 * Every repetition is bounded: strangers write some of these texts, and an unbounded one would take
 * a time that grows with the square of their length.
 */
const HIDDEN: readonly (readonly [pattern: RegExp, instead: string])[] = [
  // keys of Stripe and of ours, and the secrets of webhooks
  [/\b(sk|rk|pk)_(live|test)_\w{1,256}/g, '$1_[redacted]'],
  [/\b(whsec|tdm|pm)_[\w+/=-]{6,256}/g, '$1_[redacted]'],
  // a token (JWT, JWE), and whatever is sent as one
  [/\beyJ[\w-]{1,4096}\.[\w.-]{1,8192}/g, '[token]'],
  [/\b(Bearer|Basic) {1,4}[\w.~+/=-]{6,8192}/gi, '$1 [redacted]'],
];

/** The same for texts in which there is an @. */
const HIDDEN_WITH_AT: typeof HIDDEN = [
  // a password in a URL
  [/(:\/\/)[^\s"'/@:]{0,128}:[^\s"'@]{1,256}@/g, '$1[redacted]@'],
  // a mail address (RFC 5321, section 4.5.3.1), which is somebody's; a Message-ID of ours is not
  [
    /[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[a-z0-9-]{1,63}\.){1,8}(?!invalid\b)[a-z]{2,24}\b/gi,
    '[address]',
  ],
];

/** The text without secrets and personal data that are known by their form. */
export function redacted(text: string): string {
  const left = hide(text, HIDDEN);
  return left.includes('@') ? hide(left, HIDDEN_WITH_AT) : left;
}

function hide(text: string, patterns: typeof HIDDEN): string {
  return patterns.reduce((left, [pattern, instead]) => left.replace(pattern, instead), text);
}
