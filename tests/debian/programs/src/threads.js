// SPDX-License-Identifier: GPL-2.0
// Threads that share memory, signals, child processes, files, a server, timers.
'use strict';

const assert = require('assert');
const { execFileSync, spawn } = require('child_process');
const { once } = require('events');
const crypto = require('crypto');
const fs = require('fs');
const net = require('net');
const { Worker, isMainThread, workerData } = require('worker_threads');

const THREADS = 4;
const ROUNDS = 20000;

function work() {
	const cells = new Int32Array(workerData);

	for (let i = 0; i < ROUNDS; i++)
		Atomics.add(cells, 0, 1);
	Atomics.add(cells, 1, 1);
	Atomics.notify(cells, 1);
	Atomics.wait(cells, 2, 0);
}

async function threads() {
	const cells = new Int32Array(new SharedArrayBuffer(16));
	const workers = [];

	for (let i = 0; i < THREADS; i++)
		workers.push(new Worker(__filename, { workerData: cells.buffer }));
	const ends = workers.map((worker) => once(worker, 'exit'));
	while (Atomics.load(cells, 1) < THREADS)
		await new Promise((resolve) => setTimeout(resolve, 10));
	Atomics.store(cells, 2, 1);
	Atomics.notify(cells, 2);
	for (const [code] of await Promise.all(ends))
		assert.strictEqual(code, 0);
	assert.strictEqual(cells[0], THREADS * ROUNDS);
	console.log(`node: ${THREADS} threads count to ${cells[0]}`);
}

async function signals() {
	let got = 0;

	process.on('SIGUSR2', () => got++);
	for (let i = 1; i <= 10; i++) {
		execFileSync('sh', ['-c', `kill -USR2 ${process.pid}`]);
		while (got < i)
			await new Promise(setImmediate);
	}
	console.log(`node: ${got} signals`);
}

async function children() {
	const child = spawn('sleep', ['1000']);
	const echo = spawn('cat');
	let text = '';

	child.kill('SIGTERM');
	const [, signal] = await once(child, 'exit');
	assert.strictEqual(signal, 'SIGTERM');
	echo.stdout.on('data', (data) => { text += data; });
	for (let i = 0; i < 1000; i++)
		echo.stdin.write(`line ${i}\n`);
	echo.stdin.end();
	await once(echo, 'close');
	assert.strictEqual(text.split('\n').length, 1001);
	console.log('node: children, with pipes and a signal');
}

async function pool() {
	const sums = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(async (nr) => {
		const name = `file-${nr}`;

		await fs.promises.writeFile(name, Buffer.alloc(100000, nr));
		const data = await fs.promises.readFile(name);
		return crypto.createHash('sha256').update(data).digest('hex');
	}));
	sums.forEach((sum, i) => assert.strictEqual(sum, crypto.createHash('sha256')
		.update(Buffer.alloc(100000, i + 1)).digest('hex')));
	console.log('node: files by the thread pool');
}

async function server() {
	const listener = net.createServer((peer) => peer.pipe(peer)).listen(0, '127.0.0.1');

	await once(listener, 'listening');
	await Promise.all([...Array(20).keys()].map(async (nr) => {
		const peer = net.connect(listener.address().port, '127.0.0.1');
		let got = 0;

		peer.end(Buffer.alloc(10000 + nr));
		for await (const data of peer)
			got += data.length;
		assert.strictEqual(got, 10000 + nr);
	}));
	listener.close();
	console.log('node: 20 connections');
}

async function main() {
	for (const part of [threads, signals, children, pool, server])
		await part();
	const before = process.hrtime.bigint();
	await new Promise((resolve) => setTimeout(resolve, 200));
	assert(process.hrtime.bigint() - before >= 199000000n);
	console.log('node: all well');
}

if (isMainThread)
	main();
else
	work();
