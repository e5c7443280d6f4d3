/** Keeps the wall's stage in step with what happens: theme colours, alarm colours and pulses, labels, address. */
import { useEffect, useState } from 'react'

import { isOver, stateOfAlarm } from '../../api/alarms'
import { live } from '../../api/live'
import type { Alarm } from '../../api/types'
import { createStore, useStore } from '../../api/store'
import { useToast } from '../../components/toast'
import { useText } from '../../i18n/use-text'
import { formatReading, unitText } from '../../i18n/format'
import { colorToken } from '../../styles/scale'
import { isBuilding } from '../../tools/buildings'
import { poseToText, updateAddress } from '../../tools/deep-link'
import { pointsByLayer, summarise } from '../../tools/live-sums'
import { goToAlarm } from '../../tools/go-to-alarm'
import { LiveTheme } from '../../tools/live-theme'
import type { ThemeLegend } from '../../tools/live-theme'
import { themeOf } from '../../tools/themes'
import type { ThemeId } from '../../tools/themes'
import type { StageController, StageState } from '../../tools/stage-controller'
import type { Label } from '../../viewer/types'

/** Colour the objects by the theme; gives the legend. */
export function useThemeColors(stage: StageController | null, id: ThemeId): ThemeLegend | null {
  const [legend, setLegend] = useState<ThemeLegend | null>(null)
  useEffect(() => {
    const theme = themeOf(id)
    if (!stage || theme.kinds.length === 0) return
    const colors = new LiveTheme(live, stage.viewer.state, colorToken, setLegend)
    const show = (): void => stage.setThemed(colors.ranges)
    colors.start(theme)
    show()
    const stop = live.onReset(show)
    return () => {
      stop()
      colors.stop()
      stage.setThemed([])
    }
  }, [stage, id])
  return legend
}

/** In the overview alarmed objects take the colour of their severity; unanswered critical ones pulse. */
export function useAlarmColors(stage: StageController | null, alarms: readonly Alarm[] | undefined, id: ThemeId): void {
  useEffect(() => {
    if (!stage || !alarms) return
    const table = stage.viewer.state
    const pulsing: number[] = []
    const colored: number[] = []
    for (const alarm of alarms.toReversed()) {
      const state = stateOfAlarm(alarm)
      if (state === null || isOver(alarm)) continue
      if (id === 'overview') {
        table.color([state], colorToken(`--severity-${alarm.severity}`))
        colored.push(state)
      }
      if (alarm.severity === 'critical' && alarm.state === 'active') pulsing.push(state)
    }
    table.pulse(pulsing, true)
    return () => {
      table.pulse(pulsing, false)
      if (colored.length > 0) table.color(colored, null)
    }
  }, [stage, alarms, id])
}

const LABEL_EVERY_MS = 1000

/** Names of the buildings with the theme's mean value, and a marker on every open alarm. */
export function useLabels(stage: StageController | null, alarms: readonly Alarm[] | undefined, id: ThemeId): void {
  const { language, pick } = useText()
  const storeyOpen = useStore<Partial<StageState>, boolean>(stage?.store ?? NO_STAGE, (state) => Boolean(state.storey))
  useEffect(() => {
    if (!stage) return
    let shown = ''
    const draw = (): void => {
      const labels = [...placeLabels(stage, id, language, pick, storeyOpen), ...alarmLabels(alarms ?? [], pick)]
      const text = JSON.stringify(labels)
      if (text === shown) return
      shown = text
      stage.viewer.setLabels(labels)
    }
    draw()
    const timer = setInterval(draw, LABEL_EVERY_MS)
    return () => clearInterval(timer)
    // `pick` follows the language.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [stage, alarms, id, language, storeyOpen])
}

const NO_STAGE = createStore<Partial<StageState>>({})

type Pair = (zh: string, en: string) => string

function placeLabels(stage: StageController, id: ThemeId, language: 'zh' | 'en', pick: Pair, storeyOpen: boolean): Label[] {
  if (storeyOpen) return []
  const theme = themeOf(id)
  const groups = theme.kinds.length > 0 ? pointsByLayer(live, theme.kinds) : null
  return stage.manifest.layers
    .filter((layer) => isBuilding(layer) && !stage.store.get().hiddenLayers.has(layer.layer))
    .map((layer): Label => {
      const [minX, minY, , maxX, maxY, maxZ] = layer.box
      const points = groups?.get(layer.layer)
      let text = pick(layer.title, layer.title_en)
      if (points && !theme.states) {
        const { mean, sum } = summarise(live, points)
        const unit = live.columns?.unit[points[0] ?? -1] ?? ''
        const value = id === 'people' || id === 'power' ? sum : mean
        text += ` ${formatReading(value, unit, language)} ${unitText(unit, language)}`
      }
      return { id: `place/${layer.layer}`, position: [(minX + maxX) / 2, (minY + maxY) / 2, maxZ + 2], text, kind: 'place', priority: 1 }
    })
}

function alarmLabels(alarms: readonly Alarm[], pick: Pair): Label[] {
  return alarms.flatMap((alarm): Label[] => {
    if (!alarm.box || isOver(alarm)) return []
    const [minX, minY, minZ, maxX, maxY, maxZ] = alarm.box
    return [
      {
        id: `alarm/${alarm.id}`,
        position: [(minX + maxX) / 2, (minY + maxY) / 2, (minZ + maxZ) / 2],
        text: alarm.name || pick(alarm.message_zh, alarm.message_en),
        kind: alarm.severity,
        priority: alarm.severity === 'critical' ? 100 : alarm.severity === 'major' ? 50 : 10,
      },
    ]
  })
}

/** A click on a name flies to the building, on an alarm's marker to the alarm. */
export function useLabelClicks(stage: StageController | null, alarms: readonly Alarm[] | undefined): void {
  const toast = useToast()
  useEffect(() => {
    if (!stage) return
    return stage.viewer.on('label', ({ id }) => {
      const [kind, ...rest] = id.split('/')
      const name = rest.join('/')
      const layer = kind === 'place' ? stage.manifest.layers.find((one) => one.layer === name) : undefined
      const alarm = kind === 'alarm' ? alarms?.find((one) => one.id === name) : undefined
      if (layer) void stage.viewer.flyTo(layer.box)
      else if (alarm) goToAlarm(stage, alarm).catch(toast.problem)
    })
  }, [stage, alarms, toast])
}

/** What of the stage's state stands in the address. */
function addressed(stage: StageController): Record<string, string | null> {
  const { selected, concept, storey } = stage.store.get()
  return { gid: selected, concept, storey: storey?.storey.gid ?? null }
}

/** Write object, concept, storey, theme and camera into the address. */
export function useAddress(stage: StageController | null, theme: ThemeId): void {
  useEffect(() => updateAddress({ theme: theme === 'overview' ? null : theme }), [theme])
  useEffect(() => {
    if (!stage) return
    let timer: ReturnType<typeof setTimeout> | null = null
    let before = addressed(stage)
    const stops = [
      stage.store.subscribe(() => {
        // Only what changed: a stage that is still loading must not erase what it has yet to read from the address.
        const now = addressed(stage)
        updateAddress(Object.fromEntries(Object.entries(now).filter(([key, value]) => before[key] !== value)))
        before = now
      }),
      stage.viewer.on('camera', (pose) => {
        if (timer) clearTimeout(timer)
        timer = setTimeout(() => updateAddress({ cam: poseToText(pose) }), 400)
      }),
    ]
    return () => {
      for (const stop of stops) stop()
      if (timer) clearTimeout(timer)
    }
  }, [stage])
}
