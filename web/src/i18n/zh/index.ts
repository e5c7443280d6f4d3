import { admin } from './admin'
import { alarmTexts } from './alarms'
import { binding } from './binding'
import { brain } from './brain'
import { common } from './common'
import { devices } from './devices'
import { embed } from './embed'
import { historyTexts } from './history'
import { live } from './live'
import { models } from './models'
import { objects } from './objects'
import { overlays } from './overlays'
import { planning } from './planning'
import { review } from './review'
import { stage } from './stage'
import { toolPanels } from './tool-panels'

/** All texts of the application in Chinese; the keys and types of every language follow this one. */
export const zh = {
  ...common,
  ...brain,
  ...alarmTexts,
  ...stage,
  ...toolPanels,
  ...overlays,
  ...objects,
  ...planning,
  ...review,
  ...historyTexts,
  ...live,
  ...models,
  ...admin,
  ...embed,
  ...binding,
  ...devices,
}
