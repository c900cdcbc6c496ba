import type { components } from '@/api/schema'

type Wire = components['schemas']

export type Card = Wire['IncidentCard']
export type Incident = Wire['IncidentView']
export type Task = Wire['IncidentTask']
export type Resource = Wire['ResourceView']
export type Words = Wire['EmergencyWords']
export type Level = Card['level']
export type Said = Task['actions'][number]
