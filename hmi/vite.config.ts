import { defineConfig } from 'vite';
import solid from 'vite-plugin-solid';

/**
 * `npm run build` makes hmi/dist, which the server serves. `vite hmi` develops against a running
 * server.
 */
export default defineConfig({
  plugins: [solid()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    chunkSizeWarningLimit: 700,
    // An image in the page itself would need a looser content security policy.
    assetsInlineLimit: 0,
  },
  server: {
    proxy: {
      '/api': 'http://127.0.0.1:8080',
      '/socket.io': { target: 'http://127.0.0.1:8080', ws: true },
    },
  },
});
