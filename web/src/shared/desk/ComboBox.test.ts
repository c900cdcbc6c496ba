import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { nextTick } from 'vue'

import ComboBox from './ComboBox.vue'
import type { Option } from './options'

const option = (label: string): Option => ({ value: label, label })
beforeEach(() => { vi.useFakeTimers(); Element.prototype.scrollIntoView = () => {} })
afterEach(() => vi.useRealTimers())

function box() {
  const answers: Record<string, (found: Option[]) => void> = {}
  const search = (asked: string) => new Promise<Option[]>((done) => { answers[asked] = done })
  const wrapper = mount(ComboBox, { props: { search, none: 'none' } })
  const input = wrapper.get('input')
  const type = async (words: string, wait = 250) => {
    await input.setValue(words)
    await vi.advanceTimersByTimeAsync(wait)
  }
  const answer = async (words: string, ...labels: string[]) => {
    answers[words]!(labels.map(option))
    await vi.advanceTimersByTimeAsync(0)
    await nextTick()
  }
  const chosen = () => wrapper.emitted('update:modelValue')?.map(([value]) => value) ?? []
  return { wrapper, input, type, answer, chosen }
}

/** Meant to go red with Enter taking what stood there: the first option of the words before. */
test('Enter before the search has answered chooses of what was asked for, not of what stood there', async () => {
  const { input, type, answer, chosen } = box()
  await input.trigger('focus')
  await vi.advanceTimersByTimeAsync(1)
  await answer('', 'first of all', 'second of all')
  await type('wen', 50) // not even asked for yet
  await input.trigger('keydown', { key: 'Enter' })
  expect(chosen()).toEqual([])
  await vi.advanceTimersByTimeAsync(250)
  await answer('wen', 'Wenhui street')
  expect(chosen()).toEqual(['Wenhui street'])
})

test('going on to write, or leaving, forgets that Enter was pressed', async () => {
  const { input, type, answer, chosen } = box()
  await input.trigger('focus')
  await type('we')
  await input.trigger('keydown', { key: 'Enter' })
  await type('wen')
  await answer('wen', 'Wenhui street')
  expect(chosen()).toEqual([])
  await type('wenh')
  await input.trigger('keydown', { key: 'Enter' })
  await input.trigger('keydown', { key: 'Escape' })
  await answer('wenh', 'Wenhui street')
  expect(chosen()).toEqual([])
})

test('where nothing is found nothing is chosen', async () => {
  const { input, type, answer, chosen } = box()
  await input.trigger('focus')
  await type('nowhere')
  await input.trigger('keydown', { key: 'Enter' })
  await answer('nowhere')
  expect(chosen()).toEqual([])
})

test('with an answer there Enter chooses at once', async () => {
  const { input, type, answer, chosen } = box()
  await input.trigger('focus')
  await type('wen')
  await answer('wen', 'Wenhui street', 'Wenyuan street')
  await input.trigger('keydown', { key: 'ArrowDown' })
  await input.trigger('keydown', { key: 'Enter' })
  expect(chosen()).toEqual(['Wenyuan street'])
})
