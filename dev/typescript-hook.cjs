// Lets Node run our TypeScript: node --require ./dev/typescript-hook.cjs FILE.

const PACKAGES = /[\\/]node_modules[\\/]/;

// tsx looks into every file for what it may have to translate. Those of packages are JavaScript, and
// there are a thousand of them: passed by, a process starts with half a second less of work.
const untouched = require.extensions['.js'];
require('tsx/cjs');
const translated = require.extensions['.js'];
require.extensions['.js'] = function load(module, file) {
  (PACKAGES.test(file) ? untouched : translated)(module, file);
};
