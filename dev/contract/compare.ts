import type { JsonSchema } from '../../api/contract/event-schemas';

/** Keywords that say nothing about which values are allowed. */
const WORDS_ONLY = new Set(['$schema', 'title', 'description', 'examples']);
const COMPARED_APART = new Set(['properties', 'required', 'items']);

/**
 * What in `next` would break somebody who knows `published`: a consumer of then that reads events of
 * now, or one of now that reads events of then, which the archive has for ever. So a version may
 * gain optional fields, and nothing else. Empty when nothing would break.
 */
export function breakingChanges(published: JsonSchema, next: JsonSchema, at = ''): string[] {
  return [
    ...comparedKeywords(published, next, at),
    ...comparedProperties(published, next, at),
    ...comparedRequired(published, next, at),
    ...(published.items && next.items
      ? breakingChanges(published.items, next.items, `${at}[]`)
      : published.items || next.items
        ? [`${at || 'the event'}: retyped`]
        : []),
  ];
}

function comparedKeywords(published: JsonSchema, next: JsonSchema, at: string): string[] {
  const keywords = new Set([...Object.keys(published), ...Object.keys(next)]);
  return [...keywords]
    .filter((keyword) => !WORDS_ONLY.has(keyword) && !COMPARED_APART.has(keyword))
    .filter((keyword) => JSON.stringify(published[keyword]) !== JSON.stringify(next[keyword]))
    .map((keyword) => {
      const [before, now] = [published[keyword], next[keyword]].map((one) => JSON.stringify(one));
      return `${at || 'the event'}: retyped (${keyword} was ${before}, is ${now})`;
    });
}

function comparedProperties(published: JsonSchema, next: JsonSchema, at: string): string[] {
  return Object.entries(published.properties ?? {}).flatMap(([name, before]) => {
    const now = next.properties?.[name];
    return now ? breakingChanges(before, now, `${at}.${name}`) : [`${at}.${name}: removed`];
  });
}

function comparedRequired(published: JsonSchema, next: JsonSchema, at: string): string[] {
  const [before, now] = [published.required ?? [], next.required ?? []];
  const isKnown = (name: string) => next.properties?.[name] !== undefined;
  return [
    ...now.filter((name) => !before.includes(name)).map((name) => `${at}.${name}: newly required`),
    ...before
      .filter((name) => !now.includes(name) && isKnown(name))
      .map((name) => `${at}.${name}: no longer always there`),
  ];
}
