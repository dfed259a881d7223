import { builtinModules } from 'node:module';
import tseslint from 'typescript-eslint';

const NODE_BUILTINS = builtinModules.flatMap((name) => [name, `node:${name}`]);

const noEnvironment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Only platform/ reads the environment; take a setting from there.',
};
const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export by name: a thing has one name everywhere.',
};
const noEnum = { selector: 'TSEnumDeclaration', message: 'Use a union of literals.' };

/** What makes a function of the same input answer differently the next time. */
const noClockNoChance = [
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'No clock here: take the time as an argument.',
  },
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: 'No clock here: take the time as an argument.',
  },
  {
    selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
    message: 'No chance here: take the number as an argument.',
  },
];

export default tseslint.config(
  { ignores: ['dist/', '.tandem/', 'coverage/', 'node_modules/', '**/dist/'] },
  {
    files: ['**/*.ts', '**/*.tsx', '**/*.mts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'no-restricted-syntax': ['error', noEnvironment, noDefaultExport, noEnum],
      'max-depth': ['error', 3],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    // Jest takes a setup by its default export.
    files: ['test/jest/*.ts'],
    rules: { 'no-restricted-syntax': ['error', noEnum] },
  },
  {
    // The launcher and the tests hand the environment on to the processes that they start.
    files: ['platform/**', 'dev/**', 'test/**'],
    ignores: ['test/jest/**'],
    rules: { 'no-restricted-syntax': ['error', noDefaultExport, noEnum] },
  },
  {
    files: ['workflows/**'],
    rules: { 'no-restricted-imports': ['error', { paths: NODE_BUILTINS }] },
  },
  {
    files: ['domain/**', 'workflows/**'],
    rules: {
      'no-restricted-syntax': ['error', noEnvironment, noDefaultExport, noEnum, ...noClockNoChance],
    },
  },
);
