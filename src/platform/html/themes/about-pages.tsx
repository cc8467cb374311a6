/** The public pages /about/<slug>: privacy, accessibility, terms and contact, with the theme's texts. */

import type { VNode } from 'preact';
import { z } from 'zod';
import { type MizanServer, Refused, sendPage } from '../../http/index.ts';
import { platformText } from '../../text/platform/index.ts';
import { PageHeading, Prose, Section, SummaryList } from '../components/index.ts';
import type { Page, PageContext } from '../page.tsx';
import { LEGAL_SLUGS, type LegalSlug } from './format.ts';
import { type Inline, type LegalBlock, parseLegal } from './legal-text.ts';

export function aboutRoutes(app: MizanServer): void {
  app.get('/about/:slug', { config: { policy: 'public' }, schema: { hide: true, params: z.object({ slug: z.string().max(40) }) } }, (request, reply) => {
    const { slug } = request.params;
    const known = LEGAL_SLUGS.find((one) => one === slug);
    if (known === undefined) throw new Refused('not-found', platformText.in(request.frame.language)('about.unknown'), { status: 404 });
    return sendPage(request, reply, (frame) => aboutPage(known, frame));
  });
}

export function aboutPage(slug: LegalSlug, { theme, language }: PageContext): Page {
  const t = platformText.in(language);
  // A language that is not offered can be asked for by nobody; the default is there by the check of the theme.
  const text = theme.legal[slug][language] ?? theme.legal[slug][theme.defaultLanguage] ?? '';
  return {
    title: t(`about.${slug}`),
    description: `${t(`about.${slug}`)}: ${theme.name[language]}`,
    body: (
      <>
        <PageHeading title={t(`about.${slug}`)} />
        <Prose>
          {parseLegal(text, { name: theme.name[language], regulator: theme.regulator[language] }).map((block, index) => (
            <Block key={index} block={block} />
          ))}
        </Prose>
        <ContactSection frame={{ theme, language }} />
      </>
    ),
  };
}

/** On every one of these pages: whom to write to is asked on all of them. */
function ContactSection({ frame: { theme, language } }: { readonly frame: Pick<PageContext, 'theme' | 'language'> }): VNode {
  const t = platformText.in(language);
  const { contact } = theme;
  if (contact === undefined) {
    return (
      <Section title={t('about.contact')} id="contact">
        <p>{t('about.contact-none')}</p>
      </Section>
    );
  }
  const { body, address, email, phone, oversight } = contact;
  return (
    <Section title={t('about.contact')} id="contact">
      <SummaryList
        rows={[
          { label: t('about.contact-body'), value: body[language] },
          ...(address === undefined ? [] : [{ label: t('about.contact-address'), value: address[language] }]),
          ...(email === undefined ? [] : [{ label: t('about.contact-email'), value: <a href={`mailto:${email}`}>{email}</a> }]),
          ...(phone === undefined ? [] : [{ label: t('about.contact-phone'), value: <a href={`tel:${phone.replaceAll(/[^+\d]/g, '')}`}>{phone}</a> }]),
          ...(oversight === undefined ? [] : [{ label: t('about.contact-oversight'), value: oversight[language] }]),
        ]}
      />
    </Section>
  );
}

function Block({ block }: { readonly block: LegalBlock }): VNode {
  if (block.kind === 'list') {
    return (
      <ul>
        {block.items.map((item, index) => (
          <li key={index}>
            <Words parts={item} />
          </li>
        ))}
      </ul>
    );
  }
  return block.kind === 'heading' ? (
    <h2>
      <Words parts={block.parts} />
    </h2>
  ) : (
    <p>
      <Words parts={block.parts} />
    </p>
  );
}

function Words({ parts }: { readonly parts: readonly Inline[] }): VNode {
  return (
    <>
      {parts.map((part, index) => {
        if (part.kind === 'link') return <a key={index} href={part.href}>{part.text}</a>;
        return part.kind === 'bold' ? <strong key={index}>{part.text}</strong> : part.text;
      })}
    </>
  );
}
