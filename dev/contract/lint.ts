/** What a rule that is switched off would ask for: where the servers are is for who runs them. */
const OFF = ['security-defined'];

/**
 * What the linter of OpenAPI and AsyncAPI documents (Redocly) says against this one: its structure
 * by the AsyncAPI 3.0 schema, and the rules that are recommended. One line each.
 */
export async function lintAsyncApi(file: string, text: string): Promise<string[]> {
  // It is an ES module.
  const { createConfig, lintFromString } = await import('@redocly/openapi-core');
  const rules = Object.fromEntries(OFF.map((rule) => [rule, 'off' as const]));
  const config = await createConfig({ extends: ['recommended'], rules });
  const problems = await lintFromString({ source: text, absoluteRef: file, config });
  return problems.map(
    ({ ruleId, message, location: [at] }) => `${ruleId}: ${message} (${at?.pointer ?? ''})`,
  );
}
