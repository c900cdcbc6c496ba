/** What only the desk asks for: wire shapes of its doors, and the shared client seen through them. */
import type { Client } from 'openapi-fetch'

import { api } from './client'
import type { AreaRef, CaseCard, CaseFile, CasePlace, CaseRequest, CaseStep, CaseView, ClockPiece, ClockReading, Help, NewCase, NewStep, OfferedAction, Page, StageTime, UnitRef, WholeTime, WireRefusal, Words } from './shapes'

/** `emergency` names the groups of words that were heard; empty for nearly all. */
export interface DeskCard extends Omit<CaseCard, 'emergency' | 'number'> {
  number: string | null
  emergency: string[]
  overdue: boolean
  closed_at: string | null
  solved: boolean | null
  satisfaction: string | null
}

/** The row of the dispatch directory that names the unit, and the types that the words point to. */
export interface CaseRoute extends Partial<Words> {
  unit_id?: string
  unit?: string
  ground?: string
  suggested?: { code: string; reasons: string[]; by?: string }[]
  unsure?: boolean
  model?: number
  version?: number
}

export interface DeskStep extends CaseStep {
  round: number
  reason: string
  due_at: string | null
}
export interface DeskFile extends Omit<CaseFile, 'thumb'> {
  step_id: string | null
  seconds: number | null
  mime: string
  from_asker: boolean
}

export interface DeskCase extends DeskCard {
  limits_from: string | null
  found_at: string | null
  reported_at: string | null
  total_due_at: string | null
  type_rule: CaseView['type_rule']
  due_provisional: boolean
  answer: string
  unheard: boolean
  source_ref: string
  route: CaseRoute
  desk: { id: string; name: string; phone: string }
  unit: { id: string; name: string | null } | null
  asker: CaseView['asker']
  stages: StageTime[]
  whole_time: WholeTime
  steps: DeskStep[]
  files: DeskFile[]
  requests: CaseRequest[]
  actions: OfferedAction[]
}

/** An emergency that nobody has in hand; `step` says how many steps of the ladder were woken. */
export interface Alarm {
  case_id: string
  number: string | null
  title: string
  state: string
  groups: Words[]
  place_words: string
  names: string[]
  desk: string
  raised_at: string
  step: number
}

export interface DeskQueue { code: string; count: number; emergencies: number }

export interface Deadline {
  stage: string
  limit: Words
  start_at: string
  due_at: string
  provisional: boolean
  missing_years: number[]
  lines: Words[]
  total_due_at: string | null
  yellow_at: string | null
  calendar: Words | null
  clock: ClockPiece[]
  reading: ClockReading
  rules: { types: number; calendar: number }
}

export interface Asker { name: string; phone: string; mode: string }

export interface Correction {
  id: string
  version: number
  note?: string
  type?: string
  kind?: string
  level?: string
  lon?: number
  lat?: number
  area_id?: string
  place_words?: string
  asker_name?: string
  asker_phone?: string
  asker_mode?: string
}

export interface TypeGuess extends Words { code: string; reasons: string[]; by: string }
export interface Suggestion {
  types: TypeGuess[]
  unsure: boolean
  model: number | null
  emergency: { groups: string[]; words: string[]; help: Help[] }
}

export interface StaffReceipt {
  id: string
  number: string
  code: string
  place_state: CasePlace['state']
  emergency: string[]
  area_names: string[]
  files_left_out: string[]
  case: DeskCase
}

export interface DeskArea extends AreaRef { code: string; parent_id: string | null; short_name: string; centre: [number, number] | null; children: number }
export interface Located { area: DeskArea | null; micro_grid: AreaRef | null; above: AreaRef[] }

export interface Organisation {
  id: string
  kind: string
  code: string
  name: string
  short_name: string
  phone: string | null
  area: AreaRef | null
}

export interface Shift {
  id: string
  duty: string
  begins: string
  ends: string
  note: string
  account: { id: string; name: string; phone: string }
  stands: { account: { id: string; name: string; phone: string }; begins: string; ends: string; kind: string }[]
}
export interface RosterDay { day: string; works: boolean; why: string; name: Words | null; missing: string[] }
export interface ShiftChange {
  id: string; kind: string; state: string; shift_id: string; other_id: string | null; begins: string; ends: string; words: string; why: string
  asked_by: string; decided_name: string; from: { id: string; name: string }; to: { id: string; name: string }
}
export interface NewShift { id: string; unit_id: string; duty: string; account_id: string; begins: string; ends: string; note?: string }
export interface RosterWeek {
  unit_id: string
  zone: string
  days: string[]
  calendar: RosterDay[]
  items: Shift[]
  changes: ShiftChange[]
  now: { instead_of: string | null; duty: string; account: { id: string; name: string; phone: string }; unit: { id: string; name: string }; written: boolean }[]
}

export interface StaffPost { id: string; role: string; role_name: Words; title: string; area: AreaRef | null; unit: UnitRef | null }
export interface HeldPost extends StaffPost { begins: string; ends: string | null; of_today: boolean; deputy: boolean; lent_by: string | null }
export interface NewPost { id: string; role: string; area_id: string | null; unit_id: string | null; title?: string; public?: boolean; begins?: string; ends?: string; deputy?: boolean; lent_by?: string }
export interface Secondment { id: string; account_id: string; name: string; role: string; title: string; lent_by: string; place: string; begins: string; ends: string; days_left: number; soon: boolean }
export interface NewAccount { id: string; username: string; name: string; phone: string; posts: NewPost[] }
/** The activation code is in this answer only. */
export interface Created { id: string; username: string; name: string; code: string }
export interface Role extends Words { code: string; held: 'area' | 'desk' | 'unit' }
export interface Staff { id: string; name: string; phone: string; username?: string; state?: string; posts: StaffPost[] }

export interface RuleProblem extends Words { path: string }
export interface RuleHead { name: string; title: Words; version: number }
export interface RuleList { items: RuleHead[]; warnings: RuleProblem[] }
export interface Described extends Words { name: string; law: Words | null; value: boolean | number; default: boolean | number }
export interface RuleDocument extends RuleHead {
  body: Record<string, unknown>
  described?: Described[]
  warnings?: RuleProblem[]
}
export interface RuleChange { path: string; before: unknown; after: unknown }
export interface RuleReport { name: string; state: 'same' | 'changed' | 'wrong'; changes: RuleChange[]; problems: RuleProblem[]; untried?: Record<string, unknown> }
export interface ImportResult { applied: boolean; seen: number; documents: RuleReport[]; warnings: RuleProblem[] }
/** What a change would move on open cases; `rows` are those that move furthest. */
export interface RuleEffect {
  open: number
  moved: number
  earlier: number
  later: number
  late_now: number
  on_trial: number
  left: number
  rows: {
    id: string
    number: string | null
    type_name: Words | null
    state: string
    stage: string
    limit_before: string | null
    limit_after: string | null
    before: string
    after: string
    on_trial: boolean
  }[]
}
/** One move of the loop: `target` null stays where it is; `only` are the roles that the city has kept of the law's. */
export interface LoopMove { action: string; name: Words; sources: string[]; target: string | null; by: string; roles: string[]; only: string[]; needs: string[]; may: string[]; essential: boolean; active: boolean }
export interface RuleVersion { version: number; author: string | null; note: string; at: string; changes: RuleChange[] }

/** Two numbers stand for the rules in force and the proposed ones. */
type Both = number[]
export interface WentTo { name: Words; why: Words }
interface TriedCase { number: string | null; type: Words; area: string; received_at: string }
export interface TrialResult {
  cases: number
  left_out: number
  moved: number
  silent: Both
  sent: number
  agreed: Both
  units: { name: Words; before: number; after: number }[]
  pairs: { from: Words; to: Words; cases: number }[]
  rows: (TriedCase & { from: WentTo; to: WentTo; actual: string | null })[]
  against_list: number
  listed: (TriedCase & { lead: string })[]
}
export interface Trial {
  id: string
  state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled'
  days: number
  looked: number
  total: number
  result: TrialResult | null
}
export interface VersionChange extends RuleChange { place: Words; was: Words | null; now: Words | null }
export interface RuleNames { areas: Record<string, string>; units: Record<string, string> }

export interface Flaw { fault: string; square_metres: number; areas: AreaRef[] }
export interface Topology { area: AreaRef; children: number; without_border: AreaRef[]; gap: number; overlap: number; outside: number; flaws: Flaw[] }

export interface AuditRow {
  id: string
  at: string
  action: string
  subject: string | null
  reason: string
  detail: Record<string, unknown>
  account: { id: string; name: string; username: string } | null
  request_id: string
  address: string
}

export interface DemoMessage {
  id: string
  at: string
  kind: 'sms' | 'notice'
  phone: string
  to: string
  text: string
  purpose: string
  state: string
  error: string
  case_id: string | null
  number: string | null
}
/** `advance` counts minutes; `real` puts the clock back to the world's. */
export interface ClockChange { at?: string; frozen?: boolean; advance?: number; real?: boolean }
export interface DemoClock { now: string; frozen: boolean; real: boolean }
/** What the demo's own people do; `there`: the process that plays them runs. */
export interface DemoLife { paused: boolean; pace: string; paces: string[]; frozen: boolean; living: boolean; there: boolean; reports: number; steps: number }
export interface LifeChange { paused?: boolean; pace?: string }
export interface Loading { status: 'ready' | 'loading' | 'failed'; stage: string; seconds: number }

export interface CaseQuery {
  light?: string
  queue?: string
  q?: string
  state?: string[]
  type?: string
  channel?: string
  area?: string
  unit?: string
  emergency?: boolean
  open?: boolean
  figure?: string
  within?: string
  cursor?: string
  limit?: number
}

type Op<Answer, Asked = object> = (Asked extends { body: infer B }
  ? { requestBody: { content: { 'application/json': B } } }
  : { requestBody?: never }) & {
  parameters: {
    query?: Asked extends { query: infer Q } ? Q : never
    header?: never
    cookie?: never
  } & (Asked extends { path: infer P } ? { path: P } : { path?: never })
  responses: {
    200: { headers: Record<string, unknown>; content: { 'application/json': Answer } }
    default: { headers: Record<string, unknown>; content: { 'application/json': WireRefusal } }
  }
}
type OnId = { path: { id: string } }
type OnName = { path: { name: string } }

export interface DeskPaths {
  '/api/v1/cases/queues': { get: Op<DeskQueue[]> }
  '/api/v1/cases': {
    get: Op<Page<DeskCard>, { query: CaseQuery }>
    post: Op<StaffReceipt, { body: NewCase }>
  }
  '/api/v1/cases/{id}': { get: Op<DeskCase, OnId>; patch: Op<DeskCase, OnId & { body: Correction }> }
  '/api/v1/cases/{id}/steps': { post: Op<DeskCase, OnId & { body: NewStep }> }
  '/api/v1/alarms': { get: Op<{ items: Alarm[] }> }
  '/api/v1/cases/{id}/alarm/acknowledge': { post: Op<DeskCase, OnId & { body: { id: string; note?: string } }> }
  '/api/v1/cases/{id}/deadline': { get: Op<Deadline | null, OnId> }
  '/api/v1/cases/{id}/asker': { get: Op<Asker, OnId & { query: { reason: string } }> }
  '/api/v1/suggestions': { get: Op<Suggestion, { query: { text: string } }> }
  '/api/v1/callers': { get: Op<DeskCard[], { query: { phone: string } }> }
  '/api/v1/files/{id}': { patch: Op<unknown, OnId & { body: { released: boolean } }> }
  '/api/v1/areas': { get: Op<Page<DeskArea>, { query: { parent?: string; level?: string; q?: string; limit?: number } }> }
  '/api/v1/areas/locate': { get: Op<Located, { query: { lon: number; lat: number } }> }
  '/api/v1/organisations': { get: Op<Page<Organisation>, { query: { kind?: string; area?: string; q?: string } }> }
  '/api/v1/people': { get: Op<Page<Staff>, { query: { q?: string; role?: string; area?: string; unit?: string; cursor?: string; limit?: number } }>; post: Op<Created, { body: NewAccount }> }
  '/api/v1/people/secondments': { get: Op<{ items: Secondment[] }> }
  '/api/v1/people/{id}/posts': { get: Op<Page<HeldPost>, OnId>; post: Op<{ id: string }, OnId & { body: NewPost }> }
  '/api/v1/people/{id}/lock': { post: Op<unknown, OnId & { body: { locked: boolean; reason: string } }> }
  '/api/v1/people/{id}/second-step/reset': { post: Op<unknown, OnId & { body: { reason: string; identity_check: string } }> }
  '/api/v1/people/{id}/code': { post: Op<Created, OnId & { body: { reason: string } }> }
  '/api/v1/posts/{id}/end': { post: Op<unknown, OnId & { body: object }> }
  '/api/v1/roles': { get: Op<{ items: Role[] }> }
  '/api/v1/roster': { get: Op<RosterWeek, { query: { unit: string; day?: string } }>; post: Op<unknown, { body: NewShift }> }
  '/api/v1/roster/swaps': { post: Op<unknown, { body: { id: string; shift_id: string; other_id: string; words: string } }> }
  '/api/v1/roster/stand-ins': { post: Op<unknown, { body: { id: string; shift_id: string; to: string; words: string; begins?: string; ends?: string } }> }
  '/api/v1/roster/{id}': { delete: Op<unknown, OnId> }
  '/api/v1/rules': { get: Op<RuleList> }
  '/api/v1/rules/{name}': {
    get: Op<RuleDocument, OnName>
    put: Op<RuleDocument, OnName & { body: { body: unknown; note: string; version: number; move_open: boolean } }>
  }
  '/api/v1/rules/{name}/preview': { post: Op<ImportResult, OnName & { body: { body: unknown } }> }
  '/api/v1/rules/{name}/effect': { post: Op<RuleEffect, OnName & { body: { body: unknown } }> }
  '/api/v1/rules/{name}/trials': { post: Op<Trial, OnName & { body: { id: string; body: unknown; days: number } }> }
  '/api/v1/rule-trials/{id}': { get: Op<Trial, OnId>; delete: Op<Trial, OnId> }
  '/api/v1/rules/{name}/restore': { post: Op<RuleDocument, OnName & { body: { to: number; version: number; note: string } }> }
  '/api/v1/rules/{name}/difference': {
    get: Op<{ changes: VersionChange[] }, OnName & { query: { first: number; last: number } }>
    post: Op<{ changes: VersionChange[] }, OnName & { body: { body: unknown } }>
  }
  '/api/v1/rules/file-difference': { post: Op<{ documents: { name: string; changes: VersionChange[] }[] }, { body: { text: string } }> }
  '/api/v1/workflow': { get: Op<{ states: { code: string; name: Words; first: boolean; last: boolean }[]; moves: LoopMove[] }> }
  '/api/v1/rule-names': { get: Op<RuleNames> }
  '/api/v1/rules/{name}/history': { get: Op<{ items: RuleVersion[] }, OnName> }
  '/api/v1/calendar/years/{year}': { get: Op<{ source: string; holidays: { zh: string; en: string; first: string; last: string }[]; make_up: { zh: string; en: string; day: string }[] }, { path: { year: number } }> }
  '/api/v1/rules/import': { post: Op<ImportResult, { query: { dry_run: boolean }; body: { text: string; note: string; seen?: number } }> }
  '/api/v1/areas/{id}/topology': { get: Op<Topology, OnId> }
  '/api/v1/audit': { get: Op<Page<AuditRow>, { query: { action?: string; account?: string; since?: string; until?: string; cursor?: string; limit?: number } }> }
  '/api/v1/demo/messages': { get: Op<{ items: DemoMessage[] }> }
  '/api/v1/demo/clock': { get: Op<DemoClock>; post: Op<DemoClock, { body: ClockChange }> }
  '/api/v1/demo/life': { get: Op<DemoLife>; post: Op<DemoLife, { body: LifeChange }> }
  '/api/v1/demo/reset': { get: Op<Loading>; post: Op<Loading> }
}

export const desk = api as unknown as Client<DeskPaths>
