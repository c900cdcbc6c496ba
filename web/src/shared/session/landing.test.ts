import { expect, test } from 'vitest'

import type { Me, Post } from '@/api/shapes'

import { afterSignIn, landing } from './landing'

const me = (...roles: string[]): Me => ({
  account: { id: 'a', name: 'a', username: 'a' }, permissions: [], csrf: '', must_change_password: false, must_begin_second_step: false,
  posts: roles.map((role) => ({ role }) as Post),
})

test.each([
  ['grid_worker', true, '/w'], ['acceptor', false, '/desk'], ['handler', true, '/desk'], ['handler', false, '/w'],
  ['system_admin', true, '/desk'],
])('%s on a wide screen: %s works in %s', (role, wide, face) => {
  expect(landing(me(role), wide)).toBe(face)
})

test('a borrowed password comes before everything', () => {
  expect(afterSignIn({ ...me('grid_worker'), must_change_password: true }, '/w/case/1', false)).toBe('/password')
})

test('so does a second step that the post requires', () => {
  expect(afterSignIn({ ...me('system_admin'), must_begin_second_step: true }, '/desk/people', true)).toBe('/second-step')
})

test('the page that asked is returned to, a foreign address is not', () => {
  expect(afterSignIn(me('grid_worker'), '/w/case/1', false)).toBe('/w/case/1')
  expect(afterSignIn(me('grid_worker'), '//evil.example/w', false)).toBe('/w')
  expect(afterSignIn(me('acceptor'), '/wall?area=1', true)).toBe('/wall?area=1')
  expect(afterSignIn(me('grid_worker'), '/wrong', false)).toBe('/w')
})
