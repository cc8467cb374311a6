/** Choosing a file; the form around it needs `enctype="multipart/form-data"`. */

import type { VNode } from 'preact';
import { Field, type FieldProps, wiringOf } from './field.tsx';
import { useText } from './language.ts';

export interface FileUploadProps extends FieldProps {
  readonly name: string;
  readonly id?: string | undefined;
  /** Types or endings, e.g. ".csv,.xlsx". */
  readonly accept?: string | undefined;
  readonly multiple?: boolean | undefined;
  /** Told to the reader; the server enforces it. */
  readonly megabytesMax?: number | undefined;
  readonly required?: boolean | undefined;
}

export function FileUpload({ name, id, accept, multiple, megabytesMax, required, ...field }: FileUploadProps): VNode {
  const t = useText();
  const own = id ?? name;
  const limitId = megabytesMax === undefined ? undefined : `${own}-limit`;
  return (
    <Field {...field} id={own}>
      {() => (
        <>
          <input class="input input--file" {...wiringOf(own, field, limitId)} type="file" name={name} accept={accept} multiple={multiple} required={required} />
          {megabytesMax === undefined ? null : (
            <p class="field__limit" id={limitId}>
              {t('file.limit', { megabytes: megabytesMax })}
            </p>
          )}
        </>
      )}
    </Field>
  );
}
