/** What a rule that is switched off would ask for: where the servers are is for who runs them. */
const OFF = ['security-defined'];
/** `/` answers 302 alone; under which licence a shop offers its API is for the shop to say. */
const OFF_FOR_API = ['operation-2xx-response', 'info-license'];

/**
 * What the linter of OpenAPI and AsyncAPI documents (Redocly) says against this one: its structure
 * by the standard's schema, and the rules that are recommended. One line each.
 */
export async function lintDocument(
  file: string,
  text: string,
  kind: 'events' | 'api',
): Promise<string[]> {
  // It is an ES module.
  const { createConfig, lintFromString } = await import('@redocly/openapi-core');
  const off = kind === 'api' ? OFF_FOR_API : OFF;
  const rules = Object.fromEntries(off.map((rule) => [rule, 'off' as const]));
  const config = await createConfig({ extends: ['recommended'], rules });
  const problems = await lintFromString({ source: text, absoluteRef: file, config });
  return problems.map(
    ({ ruleId, message, location: [at] }) => `${ruleId}: ${message} (${at?.pointer ?? ''})`,
  );
}
