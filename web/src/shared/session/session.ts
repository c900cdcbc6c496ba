import { defineStore } from 'pinia'
import { computed, ref } from 'vue'

import { api, setCsrf, shutDoors, unwrap } from '@/api/client'
import { Refusal, Unreachable } from '@/api/refusal'
import type { Me } from '@/api/shapes'

import { shelfOf } from '@/shared/drafts/shelf'

import { forgetLast, keepPosts } from './lastSeen'
import { forgetOwner, keepOwner, owner } from './owner'

/** Who is signed in on this device. */
export const useSession = defineStore('session', () => {
  const me = ref<Me | null>(null)
  const known = ref(false)
  /** No session, but the phone knows whose it is: he may write what he sees, and it waits for him to sign in. */
  const ended = ref(false)

  function take(answer: Me): Me {
    keepPosts(answer)
    keepOwner(answer)
    shelfOf(answer.account.id)
    me.value = answer
    known.value = true
    ended.value = false
    setCsrf(answer.csrf)
    return answer
  }

  /** Asks the server once; no session is an answer, no network is not. */
  async function load(): Promise<Me | null> {
    try {
      return take(await unwrap(api.GET('/api/v1/me')))
    } catch (error) {
      // Without a network the phone knows whose it is; the server will say when it is asked again.
      if (error instanceof Unreachable) {
        me.value ??= owner()
        shelfOf(me.value?.account.id ?? '')
      }
      if (!(error instanceof Refusal) || error.status !== 401) throw error
      if (!ended.value) me.value = null
      known.value = true
      return null
    }
  }

  /** Answers whether the phone knows whose it is; from then on what is written waits in his store. */
  function goOnAsOwner(): boolean {
    const mine = owner()
    if (!mine) return false
    shelfOf(mine.account.id)
    me.value = mine
    known.value = ended.value = true
    setCsrf('')
    return true
  }

  async function signOut(): Promise<void> {
    shutDoors(true)
    try {
      await unwrap(api.DELETE('/api/v1/session'))
    } catch (error) {
      shutDoors(false)
      throw error
    }
    me.value = null
    setCsrf('')
    forgetLast()
    forgetOwner()
  }

  const may = (permission: string) => me.value?.permissions.includes(permission) ?? false
  const post = computed(() => me.value?.posts[0] ?? null)
  return { me, known, ended, post, may, take, load, goOnAsOwner, signOut }
})
