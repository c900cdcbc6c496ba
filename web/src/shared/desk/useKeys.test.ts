import { mount } from '@vue/test-utils'
import { expect, test, vi } from 'vitest'
import type { Component } from 'vue'

import { type Keys, useKeys } from './useKeys'

const using = (keys: Keys, template = '<div />'): Component => ({ setup() { useKeys(keys) }, template })

function page() {
  const next = vi.fn()
  const view = mount(using({ j: next, Enter: next }, '<div><input class="text"><input type="checkbox"><button>x</button></div>'), { attachTo: document.body })
  const press = (on: Element, init: KeyboardEventInit) => on.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init }))
  return { next, view, press }
}

test('a key acts, in both cases of the letter', () => {
  const { next, view, press } = page()
  press(document.body, { key: 'j' })
  press(document.body, { key: 'J' })
  expect(next).toHaveBeenCalledTimes(2)
  view.unmount()
})

test('letters belong to the text while somebody types, composes or holds a modifier', () => {
  const { next, view, press } = page()
  press(view.find('.text').element, { key: 'j' })
  press(document.body, { key: 'j', isComposing: true })
  press(document.body, { key: 'j', ctrlKey: true })
  expect(next).not.toHaveBeenCalled()
  press(view.find('[type=checkbox]').element, { key: 'j' })
  expect(next).toHaveBeenCalledTimes(1)
  view.unmount()
})

test('Enter on a button stays with the button, and a page that is gone hears nothing', () => {
  const { next, view, press } = page()
  press(view.find('button').element, { key: 'Enter' })
  expect(next).not.toHaveBeenCalled()
  view.unmount()
  press(document.body, { key: 'j' })
  expect(next).not.toHaveBeenCalled()
})

test('a key that is declined is left to others', () => {
  const second = vi.fn()
  const one = mount(using({ n: () => false }))
  const other = mount(using({ n: second }))
  document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'n', bubbles: true, cancelable: true }))
  expect(second).toHaveBeenCalledTimes(1)
  one.unmount()
  other.unmount()
})

test('behind an open sheet only the key that opened it acts', () => {
  const [behind, help] = [vi.fn(), vi.fn()]
  const view = mount(using({ j: behind, '?': help }))
  const sheet = document.createElement('dialog')
  sheet.setAttribute('open', '')
  document.body.append(sheet)
  for (const key of ['j', '?']) document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
  expect(behind).not.toHaveBeenCalled()
  expect(help).toHaveBeenCalledTimes(1)
  sheet.remove()
  view.unmount()
})
