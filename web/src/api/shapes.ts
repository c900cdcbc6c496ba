/** The one place that names the wire shapes for the screens; those without a schema are written out here. */
import type { components } from './schema'

type Wire = components['schemas']

export interface Words { zh: string; en: string }
export interface Code extends Words { code: string; hint?: Words }

export type StageTime = Wire['StageTimeView']
export type WholeTime = Wire['WholeTime']

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
  publisher?: Words | string | null
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
  /** Whether planned stretches of a patrol may be ticked here. */
  patrol_stretches: boolean
  lists: Record<string, Code[]>
  types: CaseType[]
  states: Code[]
  actions: Code[]
}

export interface PostArea { id: string; code: string; name: string; level: string; names: string[] }
export interface PostUnit { id: string; code: string; name: string; kind: string }
export interface Post {
  id: string
  role: string
  role_name: Words
  kind: string
  title: string
  area: PostArea | null
  unit: PostUnit | null
}

export interface Me {
  account: { id: string; name: string; username: string }
  posts: Post[]
  permissions: string[]
  csrf: string
  must_change_password: boolean
  must_begin_second_step: boolean
}

export interface SecondStepState { since: string | null; recovery_codes_left: number; required: boolean }

export interface DemoAccount { id: string; name: string; group: string; role: string; title: string; place: string }

export interface Server {
  name: string
  title: string
  kind: string
  kind_name: Words
  place: string
  phone: string | null
  photo: string | null
}
/** What residents of an area are told; `begins` is null for one written before notices had a first day. */
export interface ToldNotice { id: string; title: string; words: string; begins: string | null; until: string; at: string; unit: string; area: string; pictures: string[] }
export interface Serve {
  area: PostArea
  people: Server[]
  up: { code: string; name: string; level: string }[]
  desk: { name: string; phone: string } | null
  hotline: string
  supervision_phone: string
  notices: ToldNotice[]
}

export type Light = 'none' | 'green' | 'yellow' | 'red'
export interface Page<T> { items: T[]; next: string | null }
export type UnitRef = PostUnit
export type Area = Wire['AreaView']
export type AreaRef = Wire['AreaRef']
export type Located = Wire['Located']
export type Place = Wire['wangge__areas__schemas__PlaceView']
export type CaseCard = Omit<Wire['CaseCard'], 'light'> & { light: Light }
export type CaseView = Omit<Wire['CaseView'], 'actions' | 'light'> & { actions: OfferedAction[]; light: Light }
export interface CasePage extends Page<CaseCard> { next: string | null }
export type CasePlace = CaseCard['place']
export type CaseStep = Wire['StepView']
export type CaseFile = Wire['CaseView']['files'][number]
export type Holder = Wire['HolderView']
export type Need = Wire['NeedView']
export type Queue = Wire['QueueView']
export type CaseRequest = Wire['RequestView']
export type NewCase = Wire['StaffReportBody']
export type NewStep = Wire['StepBody']
/** What the server offers is always one of the steps it takes. */
export type OfferedAction = Omit<Wire['ActionView'], 'action'> & { action: NewStep['action'] }
export type StaffReceipt = Omit<Wire['StaffReceiptView'], 'case'> & { case: CaseView }
export type SecondStep = Wire['SecondStepView']
export type Suggestions = Wire['Suggestions']
export type Notice = Wire['NoticeView']
export type NoticePage = Wire['NoticePage']
export type PublicReport = Wire['PublicReportBody']
export type PublicReceipt = Wire['PublicReceiptView']
export type PublicProgress = Wire['MatterView']
export type PhoneMatter = Wire['OwnMatter']
export type EmergencyCheck = Wire['EmergencyView']
export type Help = Wire['HelpView']
export type Deadline = Wire['DeadlineView']
export type ClockPiece = Wire['PieceView']
export type ClockReading = Wire['ReadingView']
export type Correction = Wire['CorrectionBody']
export type AskerPlain = Wire['AskerPlain']
export type MailboxOpening = Wire['OpeningView']
export type LetterMatter = Wire['LetterMatter']
export type Mailboxes = Wire['Mailboxes']
export type Talk = Wire['TalkView']
export type TalkItem = Wire['AgendaView']
export type MailboxPosting = Wire['PostingView']
export type PublicPosting = Wire['PublicPosting']
export type FieldRound = Wire['RoundView']
export type RoundHome = Wire['RoundHome']
export type VisitBody = Wire['VisitBody']
export type VisitResult = Wire['Result']
export type ServiceBody = Wire['ServiceBody']
export type FieldRecord = Wire['RecordView']
export type DiaryView = Wire['DiaryView']
export type FieldTask = Wire['FieldTaskView']
export type WholeHome = Wire['WholeHome']
export type SpotFinding = Wire['Finding']
export type SpotFollow = Wire['Follow']
export type SpotCheck = Wire['SpotCheckView']
