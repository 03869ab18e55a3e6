// The required keys and the types of values, from the OpenAPI document of the API. Keys that it does not have are found by KubernetesTests.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Job } from 'kubernetes-models/batch/v1';
import { parse } from 'yaml';

const folder = new URL('../../deploy/kubernetes/', import.meta.url);
const read = name => readFileSync(new URL(name, folder), 'utf8');
const validate = text => new Job(parse(text)).validate();

for (const name of readdirSync(folder).filter(name => name.endsWith('.yaml')))
    test(`${name} is a Job of the schema`, () => validate(read(name)));

test('a missing or mistyped value would be found', () => {
    const text = read('score.yaml');
    for (const [right, wrong] of [['- name: score', '- comment: score'], ['completions: 16', 'completions: many']]) {
        assert.ok(text.includes(right));
        assert.throws(() => validate(text.replace(right, wrong)));
    }
});
