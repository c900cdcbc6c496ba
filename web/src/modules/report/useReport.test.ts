import { describe, expect, test, vi } from 'vitest'
import { effectScope } from 'vue'

import { blankPlace } from '@/shared/place/usePlace'

import { bodyOf, faults, phoneOk, type ReportForm, useReport } from './useReport'

const form = (part: Partial<ReportForm> = {}): ReportForm =>
  ({ id: 'c-1', text: 'lamp out', place: blankPlace(), name: '', phone: '', mode: 'open', ...part })

test.each(['13812345678', '138 1234 5678', '+8613812345678', '0546-8331234', '8331234'])('%s is a telephone', (phone) => {
  expect(phoneOk(phone)).toBe(true)
})
test.each(['1381234567', '23812345678', 'abc', '12345'])('%s is none', (phone) => {
  expect(phoneOk(phone)).toBe(false)
})

describe('what stands in the way', () => {
  test('neither word nor file', () => expect(faults(form({ text: ' ' }), 0)).toEqual({ text: 'report.nothing' }))
  test('a file alone is enough', () => expect(faults(form({ text: '' }), 1)).toEqual({}))
  test('a telephone is not demanded, a wrong one is said', () => {
    expect(faults(form(), 0)).toEqual({})
    expect(faults(form({ phone: '123' }), 0)).toEqual({ phone: 'report.phoneWrong' })
  })
  test('an anonymous asker is not asked about a telephone left in the form', () =>
    expect(faults(form({ phone: '123', mode: 'anonymous' }), 0)).toEqual({}))
})

describe('the body', () => {
  test('an anonymous asker sends neither name nor telephone, even if typed before', () =>
    expect(bodyOf(form({ name: 'Wang', phone: '13812345678', mode: 'anonymous' }), '').asker).toEqual({ mode: 'anonymous' }))
  test('an unknown place sends no coordinates and is still a report', () =>
    expect(bodyOf(form(), '')).toEqual({ id: 'c-1', text: 'lamp out', asker: { mode: 'open' } }))
  test('a voice alone says so in the text', () =>
    expect(bodyOf(form({ text: '' }), 'listen').text).toBe('listen'))
})

test('a refusal that names the telephone stands beside it and nothing typed is lost', async () => {
  const refusal = { code: 'phone_invalid', message: { zh: 'wrong', en: 'wrong' }, details: { field: 'asker.phone' } }
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify(refusal), { status: 422 }))
  const report = effectScope().run(useReport)!
  report.form.text = 'lamp out'
  expect(await report.send({ files: [], onlyMedia: '', spoken: false })).toBeNull()
  expect(report.wrong.value).toEqual({ phone: 'wrong' })
  expect(report.form.text).toBe('lamp out')
  vi.unstubAllGlobals()
})
