import type { NewPost, Role } from '@/api/desk'
import { newId } from '@/shared/ids/newId'

export interface PostForm { id: string; role: string | null; area_id: string | null; unit_id: string | null; title: string; public: boolean; begins: string; ends: string; deputy: boolean; lent_by: string }

export const blankPost = (): PostForm => ({ id: newId(), role: null, area_id: null, unit_id: null, title: '', public: false, begins: '', ends: '', deputy: false, lent_by: '' })

/** A role is held in an area, in a unit, or at a desk, whose own area it then has. */
export function asksArea(role: Role | undefined): boolean {
  return role?.held === 'area'
}
export function asksUnit(role: Role | undefined): boolean {
  return role?.held === 'unit' || role?.held === 'desk'
}

/** What is still missing, as field names. */
export function missingOf(form: PostForm, role: Role | undefined): string[] {
  if (!role) return ['role']
  if (asksArea(role) && !form.area_id) return ['area_id']
  if (asksUnit(role) && !form.unit_id) return ['unit_id']
  if (form.lent_by && !form.ends) return ['ends']
  return form.begins && form.ends && form.ends < form.begins ? ['ends'] : []
}

/** The post as the server takes it: a place of the wrong kind, chosen before, is left out. */
export function postOf(form: PostForm, role: Role): NewPost {
  return {
    id: form.id, role: role.code, area_id: asksArea(role) ? form.area_id : null, unit_id: asksUnit(role) ? form.unit_id : null,
    title: form.title.trim(), public: form.public && role.held === 'area', deputy: form.deputy,
    ...(form.begins && { begins: form.begins }), ...(form.ends && { ends: form.ends }), ...(form.lent_by && { lent_by: form.lent_by }),
  }
}
