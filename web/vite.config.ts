import { fileURLToPath } from 'node:url'

import vue from '@vitejs/plugin-vue'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

import { shells } from './build/shells.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** The oldest browsers that are served; docs/devices.md says why, tests/web holds the build to it. */
const oldest = ['chrome87', 'firefox78', 'safari14']

const faces = { r: 'r.html', w: 'w.html', desk: 'desk.html', wall: 'wall.html' }

/** The API process serves each face at its own prefix; the development server must do the same. */
const faceFallback: Plugin = {
  name: 'wangge-faces',
  configureServer(server) {
    server.middlewares.use((request, _response, next) => {
      const [path = ''] = (request.url ?? '').split('?')
      const face = path.split('/')[1] as keyof typeof faces
      if (face in faces && !path.includes('.')) request.url = `/${faces[face]}`
      next()
    })
  },
}

export default defineConfig({
  plugins: [
    vue(),
    faceFallback,
    shells(here('./src/phone/shell.ts'), oldest, [
      { face: 'w', page: 'w.html', extras: ['/mark.svg', '/w.webmanifest', '/icons/w-192.png'] },
      { face: 'r', page: 'r.html', extras: ['/mark.svg', '/r.webmanifest', '/icons/r-192.png'] },
    ], here('./public')),
  ],
  resolve: { alias: { '@': here('./src') } },
  // One plain file: an old browser starts it as a classic worker too.
  worker: { format: 'iife' },
  server: {
    host: '127.0.0.1',
    proxy: { '/api': { target: process.env.WANGGE_API ?? 'http://127.0.0.1:8000' } },
  },
  build: {
    target: oldest,
    cssTarget: oldest,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
    rollupOptions: {
      input: {
        index: here('./index.html'),
        r: here('./r.html'),
        w: here('./w.html'),
        desk: here('./desk.html'),
        wall: here('./wall.html'),
      },
    },
  },
  test: {
    environment: 'jsdom',
    // One window for all files of a worker: making it anew took most of the time.
    // src/test-setup.ts leaves it as it was found.
    isolate: false,
    include: ['src/**/*.test.ts'],
    setupFiles: ['src/test-setup.ts'],
    testTimeout: 20_000,
  },
})
