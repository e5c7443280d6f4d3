/** The desk of one submission: findings, model, rule. */
import { ArrowLeftOutlined, FilePdfOutlined, FileTextOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { Link } from 'react-router-dom'

import { api } from '../../api/client'
import { useResource } from '../../api/resource'
import type { Finding, ObjectCard as Card, ReviewFindings, SceneManifest, Submission } from '../../api/types'
import { StageMenu } from '../../components/context-menu'
import { HelpOverlay } from '../../components/help-overlay'
import { useHotKeys } from '../../components/hot-keys'
import { StageContext } from '../../components/stage-context'
import { ErrorCard, Skeleton } from '../../components/states'
import { openStoreyNumber } from '../../components/storey-switch'
import { useToast } from '../../components/toast'
import { useScene } from '../../components/use-park'
import { VerdictMark } from '../../components/verdict-mark'
import { useText } from '../../i18n/use-text'
import desk from '../../styles/desk.module.css'
import { presentPark } from '../../tools/buildings'
import { readAddress, updateAddress } from '../../tools/deep-link'
import type { StageController } from '../../tools/stage-controller'
import { DeskStage } from './desk-stage'
import { FindingDetail } from './finding-detail'
import { FindingsList } from './findings-list'
import styles from './review-desk.module.css'
import { useFindingsOnStage } from './use-findings-on-stage'

const REVIEW_STAGES = ['file', 'information', 'rules'] as const

/** The park with the submission's model in it and other submissions left out. */
function withSubmission(scene: SceneManifest, submission: Submission): SceneManifest {
  const layer = submission.scene_layer
  const others = presentPark(scene).layers
  return {
    ...scene,
    layers: layer ? [...others, { ...layer, visible: true }] : others,
    states: Math.max(scene.states, layer ? layer.base + layer.count : 0),
  }
}

export function ReviewDesk({ id }: { id: string }) {
  const { t } = useText()
  const toast = useToast()
  const [stage, setStage] = useState<StageController | null>(null)
  const [chosen, setChosen] = useState<string | null>(() => readAddress('finding'))
  const [rule, setRule] = useState<string | null>(null)
  const [help, setHelp] = useState(false)
  const { data: scene } = useScene()
  const { data: submission, error, reload } = useResource<Submission>(`submissions/${id}`, () => api.get(`/submissions/${id}`))
  const { data: review, error: reviewError } = useResource<ReviewFindings>(`submissions/${id}/findings`, () => api.get(`/submissions/${id}/findings`))
  const manifest = useMemo(() => (scene && submission ? withSubmission(scene, submission) : undefined), [scene, submission])
  const finding = review?.items.find((one) => one.id === chosen) ?? null
  const ruleSummary = review?.rules.find((one) => one.rule === (finding?.rule ?? rule)) ?? null

  useFindingsOnStage(stage, review?.items, finding)
  useEffect(() => updateAddress({ finding: chosen }), [chosen])
  const adopt = useCallback(
    (next: StageController | null) => {
      setStage(next)
      const box = submission?.scene_layer?.box
      if (next && box) void next.viewer.flyTo(box, { duration: 0 })
    },
    [submission],
  )
  const choose = (next: Finding): void => {
    setChosen(next.id)
    setRule(next.rule)
  }
  useHotKeys({
    stage,
    onHelp: () => setHelp(true),
    onDigit: (digit) => openStoreyNumber(stage, digit),
    onKey: (event) => {
      if ((event.key !== 'n' && event.key !== 'p') || !review) return false
      const index = review.items.findIndex((one) => one.id === chosen)
      const next = review.items[index + (event.key === 'n' ? 1 : -1)]
      if (next) choose(next)
      return true
    },
  })
  const openObject = (gid: string): void => {
    api.get<Card>('/objects/card', { gid }).then((item) => stage?.reveal(item), toast.problem)
  }
  const failure = error ?? reviewError
  if (failure && !review) return <ErrorCard title={t('review.cannotOpen')} error={failure} retry={reload} />
  const storeys = submission?.scene_layer?.storeys ?? []
  return (
    <StageContext value={stage}>
      <div className={styles.desk}>
        <div className={`${desk.bar} ${styles.bar}`}>
          <Link to="/review" aria-label={t('review.back')}>
            <ArrowLeftOutlined />
          </Link>
          <h1>{submission?.name ?? ''}</h1>
          <div className={styles.stages}>
            {REVIEW_STAGES.map((name) => {
              const rules = review?.rules.filter((one) => one.stage === name) ?? []
              const failed = rules.filter((one) => one.verdict === 'fail').length
              return rules.length > 0 ? (
                <span key={name} style={{ display: 'inline-flex', gap: '0.4rem', alignItems: 'center' }}>
                  <VerdictMark verdict={failed > 0 ? 'fail' : 'pass'} text={false} />
                  {t(`reviewStage.${name}`)} {rules.length - failed}/{rules.length}
                </span>
              ) : null
            })}
          </div>
          <span className={styles.spacer} />
          {submission?.layer ? (
            <Button href={api.url(`/layers/${submission.layer}/order.html`)} target="_blank" rel="noreferrer">
              {t('order.report')}
            </Button>
          ) : null}
          {submission?.scene_layer ? <Link to={`/admin/layers/${submission.scene_layer.layer}/georef`}>{t('georef.open')}</Link> : null}
          <Button icon={<FileTextOutlined />} href={api.url(`/submissions/${id}/report.html`)} target="_blank" rel="noreferrer">
            {t('review.html')}
          </Button>
          <Button icon={<FilePdfOutlined />} href={api.url(`/submissions/${id}/report.pdf`)} target="_blank" rel="noreferrer">
            PDF
          </Button>
        </div>
        <section className={desk.left} aria-label={t('review.findings')}>
          {review ? (
            <FindingsList
              review={review}
              storeys={storeys}
              chosen={chosen}
              onChoose={choose}
              onRule={(name) => {
                setRule(name)
                setChosen(null)
              }}
            />
          ) : (
            <Skeleton rows={10} />
          )}
        </section>
        <DeskStage manifest={manifest} layer={submission?.layer} name={submission?.name ?? 'review'} onStage={adopt} />
        <aside className={desk.right} aria-label={t('review.detail')}>
          <FindingDetail finding={finding} rule={ruleSummary} onObject={openObject} />
        </aside>
      </div>
      <StageMenu />
      <HelpOverlay open={help} onClose={() => setHelp(false)} />
    </StageContext>
  )
}
