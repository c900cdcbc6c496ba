import type { CaseCard, CaseView, DemoAccount, Me, Page, SecondStepState, Serve, StaffReceipt, Tenant } from './shapes'

/** Answers of doors whose shape the server's description leaves open or wider than it is, by path and method. */
export interface Untold {
  '/api/v1/tenant': { get: Tenant }
  '/api/v1/cases': { get: Page<CaseCard>; post: StaffReceipt }
  '/api/v1/cases/{case_id}': { get: CaseView; patch: CaseView }
  '/api/v1/cases/{case_id}/steps': { post: CaseView }
  '/api/v1/me': { get: Me }
  '/api/v1/me/second-step': { get: SecondStepState }
  '/api/v1/session': { post: Me }
  '/api/v1/activation': { post: Me }
  '/api/v1/demo/session': { post: Me }
  '/api/v1/demo/accounts': { get: { items: DemoAccount[] } }
  '/api/v1/public/serve/{area_code}': { get: Serve }
}
