import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Builds the window's files into build/dist/renderer; every host serves these as they are. */
export default defineConfig({
  root: import.meta.dirname,
  // Hosts serve the files below different addresses.
  base: './',
  plugins: [react()],
  build: {
    outDir: '../build/dist/renderer',
    emptyOutDir: true,
    // No data: addresses: the content security policy stays strict.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
