/** Addresses of the application; each screen is loaded when it is opened. */
import { createBrowserRouter, Navigate } from 'react-router-dom'

import { Gate } from './gate'
import { RouteError } from './route-error'
import { Screen } from './screen'

export const router = createBrowserRouter([
  {
    path: '/login',
    errorElement: <RouteError />,
    lazy: async () => {
      const { LoginScreen } = await import('../screens/login/login-screen')
      return { element: <Screen theme="desk" title="login"><LoginScreen /></Screen> }
    },
    HydrateFallback: () => null,
  },
  {
    element: <Gate />,
    errorElement: <RouteError />,
    HydrateFallback: () => null,
    children: [
      { index: true, element: <Navigate to="/brain" replace /> },
      {
        path: '/brain',
        lazy: async () => {
          const { BrainScreen } = await import('../screens/brain/brain-screen')
          return { element: <Screen theme="wall" title="brain"><BrainScreen /></Screen> }
        },
      },
      {
        path: '/planning',
        lazy: async () => {
          const { PlanningScreen } = await import('../screens/planning/planning-screen')
          return { element: <Screen theme="desk" title="planning" shell><PlanningScreen /></Screen> }
        },
      },
      {
        path: '/review/:submission?',
        lazy: async () => {
          const { ReviewScreen } = await import('../screens/review/review-screen')
          return { element: <Screen theme="desk" title="review" shell><ReviewScreen /></Screen> }
        },
      },
      {
        path: '/review/layers/:layer',
        lazy: async () => {
          const { OrderScreen } = await import('../screens/review/order-desk')
          return { element: <Screen theme="desk" title="review" shell><OrderScreen /></Screen> }
        },
      },
      {
        path: '/admin/layers/:layer/georef',
        lazy: async () => {
          const { GeorefScreen } = await import('../screens/georef/georef-screen')
          return { element: <Screen theme="desk" title="admin" shell><GeorefScreen /></Screen> }
        },
      },
      {
        path: '/compare',
        lazy: async () => {
          const { CompareScreen } = await import('../screens/compare/compare-screen')
          return { element: <Screen theme="desk" title="compare" shell><CompareScreen /></Screen> }
        },
      },
      {
        path: '/admin/:page?',
        lazy: async () => {
          const { AdminScreen } = await import('../screens/admin/admin-screen')
          return { element: <Screen theme="desk" title="admin" shell><AdminScreen /></Screen> }
        },
      },
      { path: '*', element: <Navigate to="/brain" replace /> },
    ],
  },
])
