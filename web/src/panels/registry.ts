/** Panel kinds of the wall: name → lazy module. An unknown or failing panel is a visible error card, never a blank. */
import { lazy } from 'react'
import type { ComponentType, LazyExoticComponent } from 'react'

export const PANEL_IDS = ['power', 'environment', 'occupancy', 'alarms', 'parking', 'devices', 'air'] as const
export type PanelId = (typeof PANEL_IDS)[number]

type Panel = LazyExoticComponent<ComponentType>

export const PANELS: Record<PanelId, Panel> = {
  power: lazy(async () => ({ default: (await import('./power-panel')).PowerPanel })),
  environment: lazy(async () => ({ default: (await import('./environment-panel')).EnvironmentPanel })),
  occupancy: lazy(async () => ({ default: (await import('./occupancy-panel')).OccupancyPanel })),
  alarms: lazy(async () => ({ default: (await import('./alarms-panel')).AlarmsPanel })),
  parking: lazy(async () => ({ default: (await import('./parking-panel')).ParkingPanel })),
  devices: lazy(async () => ({ default: (await import('./devices-panel')).DevicesPanel })),
  air: lazy(async () => ({ default: (await import('./air-panel')).AirPanel })),
}
