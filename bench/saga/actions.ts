/** Temporal's count of billable Actions so far, from its Prometheus endpoint. */
export async function countActions(metricsPort: number): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${metricsPort}/metrics`);
  const lines = (await response.text()).split('\n');
  return lines
    .filter((line) => /^action\{/.test(line) && line.includes('namespace="default"'))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
