/** What only the desk asks for: wire shapes of its doors, and the shared client seen through them. */
import type { Client } from 'openapi-fetch'

import { api } from './client'
import type {
  AreaRef, CaseCard, CaseFile, CaseStep, CaseView, Help, NewCase, NewStep, OfferedAction, Page, UnitRef, WireRefusal, Words,
} from './shapes'

export interface RouteReason extends Partial<Words> {
  unit_id?: string
  unit?: string
  ground?: string
}

export interface TypeGuess extends Words { code: string; reasons?: (Words | string)[] }

/** `types` are guesses, best first; the rest is the row of the dispatch directory that was used or would be. */
export interface CaseRoute extends RouteReason {
  suggested?: RouteReason | null
  types?: TypeGuess[]
}

export interface DeskStep extends CaseStep {
  round?: number
  reason?: string | null
  due_at?: string | null
}
export interface DeskFile extends CaseFile { step_id?: string | null; seconds?: number | null; mime?: string }

/** An offer names its fields either as pairs or as plain names with `may` beside them. */
export interface DeskAction extends Omit<OfferedAction, 'needs'> {
  needs: (string | { field: string; required: boolean })[]
  may?: string[]
}

export interface DeskCase extends Omit<CaseView, 'steps' | 'files' | 'actions'> {
  steps: DeskStep[]
  files: DeskFile[]
  actions: DeskAction[]
  route?: CaseRoute | null
  desk?: string | UnitRef | null
  desk_phone?: string | null
  solved?: boolean | null
}

export interface Deadline {
  due_at: string | null
  limit?: Words | string | null
  stage?: Words | string | null
  lines: (Words & { kind?: string })[]
}

export interface Asker { name: string | null; phone: string | null; mode: string }

export interface Correction {
  version: number
  type?: string
  area_id?: string
  lon?: number
  lat?: number
  place_words?: string
  level?: string
  kind?: string
  asker?: { name?: string; phone?: string; mode: string }
}

export interface Suggestion {
  types: TypeGuess[]
  emergency: { groups: string[]; words: string[]; help: Help[] }
}

export interface Organisation {
  id: string
  kind: string
  code: string
  name: string
  short_name: string
  phone?: string | null
  area?: AreaRef | null
}

export interface Shift {
  id: string
  unit_id: string
  unit?: string | UnitRef | null
  duty: string
  account_id: string
  name?: string
  account?: { id: string; name: string } | null
  begins: string
  ends: string
  note?: string
}
export type NewShift = Pick<Shift, 'id' | 'unit_id' | 'duty' | 'account_id' | 'begins' | 'ends'> & { note?: string }

export interface StaffPost { role: string; role_name?: Words; title: string; area?: AreaRef | null; unit?: UnitRef | null }
export interface Staff { id: string; name: string; username?: string; phone?: string | null; phone_masked?: string | null; posts: StaffPost[] }

export interface RuleHead extends Partial<Words> { name: string; version: number; at?: string | null; author?: string | null; note?: string | null }
export interface RuleDocument extends RuleHead {
  body: unknown
  text?: string
  history?: { version: number; at: string; author?: string | null; note?: string | null }[]
}
export interface RuleProblem { path?: string; line?: number; zh: string; en: string }
export interface ImportResult { dry_run?: boolean; changes: { name: string; diff: string; problems?: RuleProblem[] }[] }

export interface TopologyFinding extends Partial<Words> { kind: string; area?: string; other?: string; square_metres?: number; hectares?: number }
export interface Topology { area?: AreaRef; checked?: number; overlaps?: TopologyFinding[]; gaps?: TopologyFinding[]; findings?: TopologyFinding[] }

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

export interface DemoMessage { id: string; at: string; kind?: string; channel?: string; phone?: string; to?: string; text: string; purpose?: string; case_id?: string | null; number?: string | null }
export interface DemoClock { now: string; frozen: boolean }

export interface CaseQuery {
  queue?: string
  q?: string
  state?: string
  type?: string
  channel?: string
  area?: string
  unit?: string
  emergency?: boolean
  open?: boolean
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
  '/api/v1/cases': {
    get: Op<Page<CaseCard>, { query: CaseQuery }>
    post: Op<DeskCase & { code?: string }, { body: NewCase }>
  }
  '/api/v1/cases/{id}': { get: Op<DeskCase, OnId>; patch: Op<DeskCase, OnId & { body: Correction }> }
  '/api/v1/cases/{id}/steps': { post: Op<DeskCase, OnId & { body: NewStep }> }
  '/api/v1/cases/{id}/deadline': { get: Op<Deadline, OnId> }
  '/api/v1/cases/{id}/asker': { get: Op<Asker, OnId & { query: { reason: string } }> }
  '/api/v1/cases/suggest': { get: Op<Suggestion, { query: { text: string } }> }
  '/api/v1/callers': { get: Op<Page<CaseCard>, { query: { phone: string } }> }
  '/api/v1/files/{id}': { patch: Op<unknown, OnId & { body: { released: boolean } }> }
  '/api/v1/organisations': { get: Op<Page<Organisation>, { query: { kind?: string; area?: string; q?: string } }> }
  '/api/v1/people': { get: Op<Page<Staff>, { query: { q?: string; role?: string; area?: string; unit?: string; cursor?: string; limit?: number } }> }
  '/api/v1/roster': {
    get: Op<Page<Shift>, { query: { unit?: string; since?: string; until?: string } }>
    post: Op<Shift, { body: NewShift }>
  }
  '/api/v1/roster/{id}': { delete: Op<unknown, OnId> }
  '/api/v1/rules': { get: Op<{ items: RuleHead[] }> }
  '/api/v1/rules/{name}': {
    get: Op<RuleDocument, OnName>
    put: Op<RuleDocument, OnName & { body: { body: unknown; note: string; version: number } }>
  }
  '/api/v1/areas/{id}/topology': { get: Op<Topology, OnId> }
  '/api/v1/audit': { get: Op<Page<AuditRow>, { query: { action?: string; account?: string; since?: string; until?: string; cursor?: string; limit?: number } }> }
  '/api/v1/demo/messages': { get: Op<{ items: DemoMessage[] }> }
  '/api/v1/demo/clock': { post: Op<DemoClock, { body: { at?: string; frozen?: boolean; advance?: string } }> }
  '/api/v1/demo/reset': { post: Op<unknown> }
}

export const desk = api as unknown as Client<DeskPaths>
