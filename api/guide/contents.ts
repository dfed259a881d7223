/** Pages of the guide for those who want to do one thing. */
export interface Part {
  readonly title: string;
  /** In the order in which they are to be read; their names are paths in docs/ without `.md`. */
  readonly pages: readonly { readonly name: string; readonly title: string }[];
}

/** The parts that docs/README.md has: its second headings, and the pages that are listed under each. */
export function partsOf(markdown: string): Part[] {
  const [, ...parts] = markdown.split(/^## /m);
  return parts.map((part) => ({
    title: part.split('\n', 1)[0]!,
    pages: [...part.matchAll(/^- \[([^\]]+)\]\(([^)]+)\.md\)/gm)].map(([, title, name]) => ({
      name: name!,
      title: title!,
    })),
  }));
}
