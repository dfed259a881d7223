import path from 'node:path';

/** With these options Node runs our TypeScript: `node …TYPESCRIPT FILE`. */
export const TYPESCRIPT = ['--require', path.join(__dirname, 'typescript-hook.cjs')] as const;
