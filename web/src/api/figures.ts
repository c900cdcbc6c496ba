/** The doors to the indicators, with the shapes that the server describes. */
import type { Client } from 'openapi-fetch'

import { api } from './client'
import type { components, paths } from './schema'

type Wire = components['schemas']
export type Definition = Wire['DefinitionView']
export type Figure = Wire['FigureView']
export type PeriodFigures = Wire['PeriodFigures']
export type FiguresOfPeriod = Wire['FiguresView']
export type Headlines = Wire['IndicatorsView']
export type Groups = Wire['GroupsView']
export type Group = Wire['GroupView']
export type Facts = Wire['FactsView']

export interface FigureQuery { from?: string; to?: string; area?: string; as_of?: string }
export type By = 'area' | 'unit' | 'desk'

export const figureDoors = api as unknown as Client<Pick<paths,
  '/api/v1/indicators' | '/api/v1/indicators/catalogue' | '/api/v1/indicators/figures' | '/api/v1/indicators/table'
  | '/api/v1/indicators/facts' | '/api/v1/indicators/officers' | '/api/v1/indicators/unowned'>>
