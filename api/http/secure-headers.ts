import helmet from 'koa-helmet';
import type { Middleware } from 'koa';

/** A year, as browsers that keep lists of such hosts want it. */
const HSTS_SECONDS = 31_536_000;

/**
 * The headers that keep browsers from doing harm with our answers. TLS ends before us, if at all:
 * only where it does may a browser be told to insist on it.
 */
export function secureHeaders({
  isBehindTls,
  mayAsk,
}: {
  readonly isBehindTls: boolean;
  /** Origins that our pages may ask beside us. */
  readonly mayAsk: readonly string[];
}): Middleware {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        // The documentation and the control room, which are served from here.
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'", ...mayAsk],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: isBehindTls
      ? { maxAge: HSTS_SECONDS, includeSubDomains: true }
      : false,
  });
}
