// SPDX-License-Identifier: GPL-2.0
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import sun.misc.Signal;

/**
 * Threads, locks, queues, the collector at work, the signals that the machine
 * itself uses (a null pointer in compiled code and an overflow of the stack are
 * SIGSEGV) and those of other processes.
 */
public class Threads {
	static long sum;
	int field;

	static void must(boolean ok, String what) {
		if (!ok)
			throw new AssertionError(what);
		System.out.println("java: " + what);
	}

	static synchronized void add(long value) {
		sum += value;
	}

	static void locks() throws Exception {
		ExecutorService pool = Executors.newFixedThreadPool(8);
		List<Future<Long>> results = new ArrayList<>();
		AtomicLong atomic = new AtomicLong();
		long total = 0;

		for (int i = 0; i < 32; i++) {
			long nr = i;
			results.add(pool.submit(() -> {
				for (int k = 0; k < 500; k++) {
					add(nr);
					atomic.addAndGet(nr);
				}
				return nr;
			}));
		}
		for (Future<Long> result : results)
			total += result.get();
		pool.shutdown();
		must(pool.awaitTermination(600, TimeUnit.SECONDS), "the pool ends");
		must(sum == 500 * total && atomic.get() == sum, "the sum is " + sum);
	}

	static void queues() throws Exception {
		BlockingQueue<Integer> there = new SynchronousQueue<>();
		BlockingQueue<Integer> back = new SynchronousQueue<>();
		Thread echo = new Thread(() -> {
			try {
				for (int i = 0; i < 500; i++)
					back.put(there.take() + 1);
			} catch (InterruptedException e) {
				throw new AssertionError(e);
			}
		});

		echo.start();
		for (int i = 0; i < 500; i++) {
			there.put(i);
			if (back.take() != i + 1)
				throw new AssertionError("a wrong number comes back");
		}
		echo.join();
		must(true, "500 round trips");
	}

	static int read(Threads from) {
		return from.field;
	}

	static void nulls() {
		Threads some = new Threads();
		int caught = 0;

		for (int i = 0; i < 30000; i++)
			some.field += read(some) + 1 & 1;
		for (int i = 0; i < 100; i++) {
			try {
				read(null);
			} catch (NullPointerException e) {
				caught++;
			}
		}
		must(caught == 100, "100 null pointers");
	}

	static int deep(int n) {
		return deep(n + 1) + 1;
	}

	static void stack() {
		int caught = 0;

		for (int i = 0; i < 3; i++) {
			try {
				deep(0);
			} catch (StackOverflowError e) {
				caught++;
			}
		}
		must(caught == 3, "3 overflows of the stack");
	}

	static void garbage() throws Exception {
		Thread[] threads = new Thread[4];
		AtomicLong bad = new AtomicLong();

		for (int t = 0; t < threads.length; t++) {
			threads[t] = new Thread(() -> {
				List<int[]> kept = new ArrayList<>();
				for (int i = 0; i < 5000; i++) {
					int[] block = new int[200];
					block[i % 200] = i;
					if (i % 100 == 0)
						kept.add(block);
				}
				for (int i = 0; i < kept.size(); i++)
					if (kept.get(i)[i * 100 % 200] != i * 100)
						bad.incrementAndGet();
			});
			threads[t].start();
		}
		for (Thread thread : threads)
			thread.join();
		System.gc();
		must(bad.get() == 0, "what is in use stays");
	}

	static void signals() throws Exception {
		CountDownLatch got = new CountDownLatch(10);
		long self = ProcessHandle.current().pid();

		Signal.handle(new Signal("USR2"), s -> got.countDown());
		while (got.getCount() > 0) {
			long before = got.getCount();
			new ProcessBuilder("sh", "-c", "kill -USR2 " + self).inheritIO().start().waitFor();
			while (got.getCount() == before)
				Thread.sleep(1);
		}
		must(true, "10 signals of 10 processes");
		Process child = new ProcessBuilder("sleep", "1000").start();
		child.destroy();
		must(child.waitFor() == 128 + 15, "a child is terminated");
	}

	public static void main(String[] args) throws Exception {
		locks();
		queues();
		nulls();
		stack();
		garbage();
		signals();
		Runtime.getRuntime().addShutdownHook(new Thread(() ->
			System.out.println("java: terminated in order")));
		new ProcessBuilder("sh", "-c", "kill -TERM " + ProcessHandle.current().pid()).start();
		Thread.sleep(600000);
		System.exit(1);
	}
}
