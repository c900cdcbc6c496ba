/** The one place that names the wire shapes for the screens. */
export type {
  Area, AreaRef, Brand, CaseCard, CaseFile, CasePlace, CaseStep, CaseType, CaseView, Code, DemoAccount,
  EmergencyCheck, Help, Holder, Light, Located, Me, Need, NewCase, NewStep, Notice, NoticePage, OfferedAction, Page, PhoneMatter, Place, Post,
  PublicProgress, PublicReceipt, PublicReport, Queue, Serve, Server, StaffReceipt, Suggestions, Tenant, UnitRef, WireRefusal, Words,
} from './contract'
