import { expect } from 'chai';
import { parseDistinguishedName } from '../../reference/certificates/distinguished-name.ts';
import { certifiedNames } from './certified-names.ts';

describe('certified names', () => {
  it('are printed, those of the subject apart from those of the subjectAltName', () => {
    const names = certifiedNames({
      subject: parseDistinguishedName('CN=host.example, O=Touchstone'),
      subjectAltNames: [{ dNSName: 'A.example' }, { rfc822Name: 'a@b.example' }, { iPAddress: '192.0.2.2' }],
    });
    expect(names).to.deep.equal({
      exactly: ['A.example', 'a@b.example', '192.0.2.2'],
      all: ['a.example', 'a@b.example', '192.0.2.2'],
      commonNames: ['host.example'],
      organization: 'Touchstone',
    });
  });

  it('are none where there is no name', () => {
    expect(certifiedNames({ subject: [], subjectAltNames: [] })).to.deep.equal({
      exactly: [],
      all: [],
      commonNames: [],
      organization: '',
    });
  });
});
