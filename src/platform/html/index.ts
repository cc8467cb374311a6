/** The door of the html room: the page frame, themes and components. */

export { type NavigationItem, type Page, type PageContext, renderPage, withLanguage } from './page.tsx';
export { componentRoutes } from './components-page.tsx';
export * from './themes/index.ts';
export { AuthorField, LookOnly } from './standing.tsx';
