import { defineConfig } from 'vite';

/**
 * `vite build web` makes the page of production; with `--mode development` it has the rooms in it
 * that only development has. A test looks that they are not in the other.
 */
// eslint-disable-next-line no-restricted-syntax -- Vite takes its settings so
export default defineConfig(({ mode }) => ({
  root: import.meta.dirname,
  base: '/room/',
  define: { __DEVELOPMENT__: JSON.stringify(mode === 'development') },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // Inlined fonts and images would need more of the Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    minify: true,
  },
}));
