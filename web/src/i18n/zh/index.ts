import { admin } from './admin'
import { brain } from './brain'
import { common } from './common'
import { embed } from './embed'
import { models } from './models'
import { objects } from './objects'
import { planning } from './planning'
import { review } from './review'
import { stage } from './stage'

/** All texts of the application in Chinese; the keys and types of every language follow this one. */
export const zh = {
  ...common,
  ...brain,
  ...stage,
  ...objects,
  ...planning,
  ...review,
  ...models,
  ...admin,
  ...embed,
}
