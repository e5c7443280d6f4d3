/** An indicator's shares by building, the largest first; a click flies to the building. */
import type { Indicator } from '../api/types'
import { BarList } from '../components/bar-list'
import { useStage } from '../components/stage-context'
import { formatNumber, unitText } from '../i18n/format'
import { useText } from '../i18n/use-text'
import { layerOfGid } from '../tools/live-sums'

export function BuildingBars({ indicator, color }: { indicator: Indicator; color: string }) {
  const { language, pick } = useText()
  const stage = useStage()
  const rows = indicator.breakdown.toSorted((a, b) => (b.value ?? -1) - (a.value ?? -1))
  return (
    <BarList
      color={color}
      bars={rows.map((row) => {
        const layer = stage?.manifest.layers.find((one) => one.layer === layerOfGid(row.key))
        return {
          key: row.key,
          label: pick(row.label_zh, row.label_en),
          value: row.value,
          text: formatNumber(row.value, language, 0),
          unit: unitText(indicator.unit, language),
          stale: row.value === null,
          ...(layer ? { onClick: () => void stage?.viewer.flyTo(layer.box) } : {}),
        }
      })}
    />
  )
}
