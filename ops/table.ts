/** What a table shows; a question mark for what is not known. */
type Cell = string | number | Date | null | undefined;

/** Columns as wide as their longest cell, two spaces apart. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string[] {
  const cells = [head, ...rows].map((row) => row.map(cell));
  const widths = head.map((_, i) => Math.max(...cells.map((row) => row[i]!.length)));
  return cells.map((row) =>
    row
      .map((text, i) => text.padEnd(widths[i]!))
      .join('  ')
      .trimEnd(),
  );
}

function cell(value: Cell): string {
  if (value === null || value === undefined) return '?';
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'number' && !Number.isInteger(value)) return value.toFixed(1);
  // A control character of an event must not steer the terminal.
  return String(value).replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
}
