/** Point kinds by meaning. The first name is the sample park's; others are what parks often call the same thing. */
import { kinds } from '../../../scenes/picture/looks.json'

export const KINDS: Readonly<Record<keyof typeof kinds, readonly string[]>> = kinds
