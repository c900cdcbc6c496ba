/** The wire shapes until `npm run types` can write them from the server's own description. */
export interface Words { zh: string; en: string }
export interface Code extends Words { code: string }

export interface WireRefusal {
  code: string
  message: Words
  details?: Record<string, unknown>
  request_id?: string
}

export interface Brand {
  name: Words
  short_name?: Words
  slogan?: Words | null
  logo_url?: string | null
  colour?: string
  colour_dark?: string
  hotline?: string
  supervision_phone?: string
  login_text?: Words | null
  record_number?: string
}

export interface CaseType extends Code {
  parent: string | null
  leaf: boolean
  level: string
  kind: string | null
  sample: boolean
  evidence: string[]
}

export interface Tenant {
  tenant: string
  brand: Brand
  zone: string
  demo: boolean
  now: string
  frozen: boolean
  switches: Record<string, unknown>
  lists: Record<string, Code[]>
  types: CaseType[]
  states: Code[]
  actions: Code[]
}

export interface AreaRef { id: string; name: string; level: string; names: string[] }
export interface UnitRef { id: string; name: string; kind: string }
export interface Post { id: string; role: string; role_name: Words; kind: string; title: string; area: AreaRef | null; unit: UnitRef | null }

export interface Me {
  account: { id: string; name: string; username: string }
  posts: Post[]
  permissions: string[]
  csrf: string
  must_change_password: boolean
}

export interface DemoAccount {
  id: string
  name: string
  group: string
  role: string
  title: string
  place: string
}

export interface Area {
  id: string
  parent_id: string | null
  level: string
  kind: string
  code: string
  name: string
  short_name: string
  names: string[]
  pos: number
  children: number
  box: [number, number, number, number] | null
  centre: [number, number] | null
  synthetic: boolean
}

export interface Located { area: Area | null; micro_grid: { name: string } | null }

export interface Place {
  id: string
  name: string
  kind: string
  area_id: string | null
  names: string[]
  lon: number
  lat: number
}

export type Light = 'none' | 'green' | 'yellow' | 'red'

export interface CasePlace {
  words: string | null
  lon: number | null
  lat: number | null
  state: string
  area_id: string | null
  names: string[]
}

export interface Holder { kind: string; id: string | null; name: string | null }

export interface CaseCard {
  id: string
  number: string | null
  title: string
  text: string
  kind: string
  type: string | null
  type_name: Words | null
  state: string
  level: string
  emergency: string[]
  channel: string
  path: string
  overdue: boolean
  closed_at: string | null
  solved: boolean | null
  satisfaction: string | null
  place: CasePlace
  received_at: string
  due_at: string | null
  light: Light
  duty: string
  holder: Holder | null
  photo: string | null
  round: number
  version: number
}

export interface CaseStep {
  id: string
  seq: number
  action: string
  round: number
  source: string | null
  target: string
  at: string
  actor: { kind: string; name: string; title: string }
  unit: string | null
  note: string
  answer: string
  reason: string
  due_at: string | null
  files: string[]
  data: Record<string, unknown>
}

export interface CaseFile {
  id: string
  step_id: string | null
  kind: string
  mime: string
  purpose: string
  seconds: number | null
  from_asker: boolean
  shot_at: string | null
  released: boolean
  width: number | null
  height: number | null
}

export interface Need { field: string; required: boolean }
export interface OfferedAction { action: string; zh: string; en: string; primary: boolean; needs: Need[] }

export interface CaseView extends CaseCard {
  found_at: string | null
  reported_at: string | null
  registered_at: string | null
  handled_at: string | null
  total_due_at: string | null
  due_limit: string | null
  desk: { id: string; name: string; phone: string }
  unit: { id: string; name: string | null } | null
  asker: { mode: string; name_masked: string; phone_masked: string } | null
  steps: CaseStep[]
  files: CaseFile[]
  actions: OfferedAction[]
  answer: string
  released: boolean
}

export interface PublicReport {
  id: string
  text: string
  title?: string
  lon?: number
  lat?: number
  area_code?: string
  place_words?: string
  found_at?: string
  files?: string[]
  asker?: { name?: string; phone?: string; mode?: string }
  locale?: 'zh' | 'en'
  upload_token?: string
}

export interface NewCase extends Omit<PublicReport, 'upload_token'> {
  channel: string
  kind?: string
  type?: string
  level?: string
  area_id?: string
  reported_at?: string
  self_handle?: { id: string; note: string; files?: string[] }
}

export interface NewStep {
  id: string
  action: string
  version: number
  note?: string
  answer?: string
  unit_id?: string
  type?: string
  reason?: string
  files?: string[]
  solved?: boolean
  satisfaction?: string
}

export interface Queue { code: string; count: number; emergencies: number }
export interface Page<T> { items: T[]; next: string | null }

export interface Notice {
  id: string
  at: string
  title: Words
  text: Words
  case_id: string | null
  code: string
  urgent: boolean
  read_at: string | null
}
export interface NoticePage extends Page<Notice> { unread: number }

export interface Help { name: Words; number: string }
export interface EmergencyCheck { groups: string[]; words: string[]; help: Help[] }

export interface PublicReceipt {
  id: string
  code: string
  number: string
  place_state: string
  emergency: string[]
  area_names: string[]
  files_left_out: string[]
}

export interface StaffReceipt extends PublicReceipt { case: CaseView }

export interface PublicProgress {
  number: string | null
  title: string
  text: string
  state: string
  sentence: Words
  stages: { key: string; at: string | null; reached: boolean }[]
  place: string
  names: string[]
  desk: string
  desk_phone: string
  unit: string | null
  round: number
  answer: string
  received_at: string
  expected_at: string | null
  closed_at: string | null
  solved: boolean | null
  satisfaction: string | null
  may_answer: boolean
  may_withdraw: boolean
  files: { id: string; purpose: string; kind: string }[]
}

export interface PhoneMatter {
  code: string
  number: string | null
  title: string
  state: string
  received_at: string
  may_answer: boolean
}

export interface Suggestions {
  types: { code: string; zh: string; en: string; reasons: string[] }[]
  emergency: EmergencyCheck
}

export interface Server { name: string; title: string; kind: string; phone: string | null; photo: string | null }
export interface Serve {
  area: { id: string; code: string; name: string; names: string[] }
  people: Server[]
  supervision_phone: string | null
}

type Params<Asked> = {
  query?: Asked extends { query: infer Q } ? Q : never
  header?: never
  cookie?: never
} & (Asked extends { path: infer P } ? { path: P } : { path?: never })
type Body<Asked> = Asked extends { body: infer B } ? { requestBody: { content: { 'application/json': B } } } : { requestBody?: never }

type Op<Answer, Asked = object> = Body<Asked> & {
  parameters: Params<Asked>
  responses: {
    200: { headers: Record<string, unknown>; content: { 'application/json': Answer } }
    default: { headers: Record<string, unknown>; content: { 'application/json': WireRefusal } }
  }
}

type OnArea = { path: { area_code: string } }
type OnCase = { path: { case_id: string } }
type OnCode = { path: { code: string } }

export interface paths {
  '/api/v1/tenant': { get: Op<Tenant> }
  '/api/v1/me': { get: Op<Me> }
  '/api/v1/me/password': { post: Op<unknown, { body: { old: string; new: string } }> }
  '/api/v1/session': {
    post: Op<Me, { body: { username: string; password: string } }>
    delete: Op<unknown>
  }
  '/api/v1/activation': { post: Op<Me, { body: { username: string; code: string; password: string } }> }
  '/api/v1/demo/accounts': { get: Op<{ items: DemoAccount[] }> }
  '/api/v1/demo/session': { post: Op<Me, { body: { account_id: string } }> }
  '/api/v1/areas': { get: Op<Page<Area>, { query: { parent?: string; level?: string; q?: string } }> }
  '/api/v1/areas/locate': { get: Op<Located, { query: { lon: number; lat: number } }> }
  '/api/v1/places': { get: Op<Page<Place>, { query: { q: string; lon?: number; lat?: number } }> }
  '/api/v1/cases/queues': { get: Op<Queue[]> }
  '/api/v1/cases': {
    get: Op<Page<CaseCard>, { query: { queue?: string; q?: string; state?: string[]; type?: string; area?: string; unit?: string; open?: boolean; cursor?: string; limit?: number } }>
    post: Op<StaffReceipt, { body: NewCase }>
  }
  '/api/v1/cases/{case_id}': { get: Op<CaseView, OnCase> }
  '/api/v1/cases/{case_id}/steps': { post: Op<CaseView, OnCase & { body: NewStep }> }
  '/api/v1/notices': { get: Op<NoticePage, { query: { unread?: boolean; cursor?: string; limit?: number } }> }
  '/api/v1/notices/{id}/read': { post: Op<unknown, { path: { id: string } }> }
  '/api/v1/public/cases': { post: Op<PublicReceipt, { body: PublicReport }> }
  '/api/v1/public/cases/{code}': { get: Op<PublicProgress, OnCode> }
  '/api/v1/public/cases/{code}/answer': {
    post: Op<PublicProgress, OnCode & { body: { id: string; solved: boolean; satisfaction?: string; text?: string } }>
  }
  '/api/v1/public/cases/{code}/withdraw': { post: Op<PublicProgress, OnCode & { body: { id: string; text?: string } }> }
  '/api/v1/suggestions': { get: Op<Suggestions, { query: { text: string } }> }
  '/api/v1/public/phone-codes': { post: Op<unknown, { body: { phone: string } }> }
  '/api/v1/public/phone-matters': {
    post: Op<PhoneMatter[], { body: { phone: string; code: string } }>
  }
  '/api/v1/public/serve/{area_code}': { get: Op<Serve, OnArea> }
  '/api/v1/public/locate': { get: Op<Located, { query: { lon: number; lat: number } }> }
  '/api/v1/public/places': { get: Op<Page<Place>, { query: { q: string } }> }
  '/api/v1/public/emergency-check': { post: Op<EmergencyCheck, { body: { text: string } }> }
}
