import type { Me } from '@/api/shapes'

const field = new Set([
  'grid_leader', 'grid_adviser', 'grid_worker', 'professional_worker', 'part_time_worker', 'liaison', 'grid_police',
  'building_head', 'street_head', 'grid_assistant', 'secretary', 'unit_worker', 'volunteer',
])
/** Posts that are at a desk one hour and outside the next: the screen decides. */
const both = new Set(['property_manager', 'supervisor', 'handler'])

type Entering = Pick<Me, 'posts' | 'must_change_password' | 'must_begin_second_step'>

/** The face a person works in. */
export function landing(me: Entering, wide: boolean): string {
  if (me.must_change_password) return '/password'
  if (me.must_begin_second_step) return '/second-step'
  const roles = me.posts.map((post) => post.role)
  if (roles.some((role) => field.has(role))) return '/w'
  if (roles.length > 0 && roles.every((role) => both.has(role)) && !wide) return '/w'
  return '/desk'
}

/** Where to go after signing in: back to the page that asked, if it is one of ours. */
export function afterSignIn(me: Entering, back: string | null, wide: boolean): string {
  const home = landing(me, wide)
  if (!/^\/(w|desk)/.test(home) || !back) return home
  return /^\/(w|desk|wall)(\/|$|\?)/.test(back) ? back : home
}
