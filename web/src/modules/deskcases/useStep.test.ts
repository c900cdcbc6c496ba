import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { effectScope } from 'vue'

import type { DeskCase } from '@/api/desk'
import type { OfferedAction } from '@/api/shapes'

import { blankStep, bodyOf, fieldsOf, missing, useStep } from './useStep'

const finish: OfferedAction = {
  action: 'finish', zh: '', en: 'Done', primary: true,
  needs: [
    { field: 'note', required: true, why: null }, { field: 'answer', required: true, why: null },
    { field: 'photo_after', required: true, why: { zh: '要能对照', en: 'to compare' } }, { field: 'files', required: false, why: null },
  ],
}
const open = { id: 'c-1', version: 3, state: 'handling', steps: [{ seq: 1 }], actions: [finish] } as unknown as DeskCase

beforeEach(() => localStorage.clear())
afterEach(() => vi.unstubAllGlobals())

function answers(...replies: [unknown, number][]) {
  const sent: { url: string; body: unknown }[] = []
  vi.stubGlobal('fetch', async (request: Request) => {
    sent.push({ url: request.url, body: request.method === 'POST' ? await request.clone().json() : null })
    const [body, status] = replies.shift()!
    return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })
  })
  return sent
}

function room(current = open, fresh = () => Promise.resolve(current)) {
  const done = vi.fn()
  const step = effectScope().run(() => useStep({ current: () => current, action: () => finish, needed: (field) => `${field}?`, fresh, done }))!
  return { ...step, done }
}

test('photos before, after and any others are one field, required if one of them is', () => {
  expect(fieldsOf(finish).map(({ field, required }) => [field, required])).toEqual([['answer', true], ['note', true], ['files', true]])
})

test('what is required stands beside its field and nothing is sent', async () => {
  const sent = answers()
  const { send, wrong } = room()
  expect(await send([])).toBe(false)
  expect(wrong.value).toEqual({ answer: 'answer?', note: 'note?', files: 'files?' })
  expect(sent).toEqual([])
})

test('a step carries only the fields of its action, and the version that was seen', () => {
  const form = { ...blankStep(), id: 's-1', note: ' done ', answer: 'fixed', unit_id: 'u-9', reason: 'x' }
  expect(bodyOf(finish, form, 3, ['f-1'])).toEqual({ id: 's-1', action: 'finish', version: 3, note: 'done', answer: 'fixed', files: ['f-1'] })
  expect(missing(finish, form, 1)).toEqual([])
})

test('when somebody was faster, the words stay, what changed is shown, and the next try goes with the new version', async () => {
  const now = { ...open, version: 5, steps: [{ seq: 1 }, { seq: 4 }, { seq: 5 }] } as unknown as DeskCase
  const sent = answers([{ code: 'stale_version', message: { zh: '', en: 'moved' } }, 409], [now, 200])
  const { form, send, moved, done } = room(open, () => Promise.resolve(now))
  Object.assign(form, { note: 'done', answer: 'fixed' })
  expect(await send(['f-1'])).toBe(false)
  expect(moved.value).toMatchObject({ gone: false, steps: [{ seq: 4 }, { seq: 5 }] })
  expect(form.note).toBe('done')
  expect(await send(['f-1'])).toBe(true)
  expect((sent[1]!.body as { version: number }).version).toBe(5)
  expect((sent[0]!.body as { id: string }).id).toBe((sent[1]!.body as { id: string }).id)
  expect(done).toHaveBeenCalledTimes(1)
})

test('a refusal that names a field stands beside it', async () => {
  answers([{ code: 'field_needed', message: { zh: '', en: 'a photo, please' }, details: { field: 'photo_after' } }, 422])
  const { form, send, wrong, error } = room()
  Object.assign(form, { note: 'done', answer: 'fixed' })
  await send(['f-1'])
  expect(wrong.value.files).toBeTruthy()
  expect(error.value).toBe(null)
})
