import ipaddr from 'ipaddr.js';

/** Longer URLs are cut by servers on the way. */
const MAX_URL_LENGTH = 2_000;

/** Public by its range, but inside Azure its platform's (learn.microsoft.com, "What is IP address 168.63.129.16?"). */
const PLATFORM_ADDRESSES = ['168.63.129.16'];

/** All of IPv6 that is routed (RFC 4291, section 2.4). */
const PUBLIC_IPV6 = ipaddr.parseCIDR('2000::/3');

/** What is allowed beside the public internet: this machine, while developing. */
export interface TargetPolicy {
  readonly isLoopbackAllowed: boolean;
}

/** Why a webhook may not be sent there. */
export class TargetRefused extends Error {
  override readonly name = 'TargetRefused';
}

/**
 * The URL of a webhook endpoint: https, no credentials, no fragment, and a host that is no address
 * inside a network of ours. A name is checked again by what it resolves to, each time it is used.
 * Throws {@link TargetRefused}.
 */
export function parseTarget(text: string, policy: TargetPolicy): URL {
  if (text.length > MAX_URL_LENGTH) throw new TargetRefused(`at most ${MAX_URL_LENGTH} characters`);
  // Parsers disagree about what these mean, and one that guesses differently is a way in.
  if (/[\s\\\u0000-\u001f\u007f]/.test(text))
    throw new TargetRefused('it has forbidden characters');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url) throw new TargetRefused('it is no absolute URL');
  if (url.username !== '' || url.password !== '') throw new TargetRefused('it has credentials');
  if (url.hash !== '') throw new TargetRefused('it has a fragment');
  const host = hostOf(url);
  const isLocal = policy.isLoopbackAllowed && (host === 'localhost' || isLoopback(host));
  if (url.protocol !== 'https:' && !(isLocal && url.protocol === 'http:')) {
    throw new TargetRefused('it must begin with https://');
  }
  if (isLocal) return url;
  if (ipaddr.isValid(host)) requireAllowed(host, policy);
  else if (!host.includes('.') || /\.?(localhost|local|internal|home\.arpa)\.?$/.test(host)) {
    throw new TargetRefused('its host is no public name');
  }
  return url;
}

/** The host without the brackets of IPv6; the URL parser has made 0x7f.1 and the like plain. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '').toLowerCase();
}

/**
 * Throws {@link TargetRefused} unless the address is public: not private, loopback, link-local (and
 * with it the clouds' metadata), shared, multicast, reserved, nor an IPv4 address wrapped in IPv6.
 */
export function requireAllowed(address: string, { isLoopbackAllowed }: TargetPolicy): void {
  if (isLoopbackAllowed && isLoopback(address)) return;
  if (!ipaddr.isValid(address)) throw new TargetRefused(`${address} is no address`);
  const parsed = ipaddr.parse(address);
  const range = parsed.range();
  if (PLATFORM_ADDRESSES.includes(address)) throw new TargetRefused(`${address} is a platform's`);
  if (range !== 'unicast') throw new TargetRefused(`${address} is not public (${range})`);
  // What else is not assigned may be an IPv4 address in some old notation, such as ::127.0.0.1.
  if (parsed.kind() === 'ipv6' && !parsed.match(PUBLIC_IPV6)) {
    throw new TargetRefused(`${address} is not public`);
  }
}

function isLoopback(host: string): boolean {
  return ipaddr.isValid(host) && ipaddr.process(host).range() === 'loopback';
}
