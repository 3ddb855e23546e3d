// SPDX-License-Identifier: GPL-2.0

// Goroutines on threads: sums, channels, a loop that only a signal can interrupt,
// nil pointers (SIGSEGV), signals of others, processes, connections, the collector.
package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

func must(ok bool, what string, args ...any) {
	what = fmt.Sprintf(what, args...)
	if !ok {
		fmt.Println("go: failed:", what)
		os.Exit(1)
	}
	fmt.Println("go:", what)
}

func sums() {
	var lock sync.Mutex
	var wait sync.WaitGroup
	var counted int64

	sum := 0
	for i := 0; i < 100; i++ {
		wait.Add(1)
		go func(nr int) {
			defer wait.Done()
			for k := 0; k < 500; k++ {
				lock.Lock()
				sum += nr
				lock.Unlock()
				atomic.AddInt64(&counted, 1)
			}
		}(i)
	}
	wait.Wait()
	must(sum == 500*4950 && counted == 50000, "the sum is %d", sum)
}

func channels() {
	there, back := make(chan int), make(chan int)
	go func() {
		for n := range there {
			back <- n + 1
		}
		close(back)
	}()
	ok := true
	for i := 0; i < 5000; i++ {
		there <- i
		ok = ok && <-back == i+1
	}
	close(there)
	must(ok, "5000 round trips")
}

// A loop without calls is stopped by SIGURG only
func preemption() {
	var stop int32

	threads := runtime.GOMAXPROCS(1)
	for i := 0; i < 3; i++ {
		go func() {
			for n := 0; ; n++ {
				if atomic.LoadInt32(&stop) != 0 {
					return
				}
			}
		}()
	}
	for i := 0; i < 5; i++ {
		time.Sleep(time.Millisecond)
	}
	atomic.StoreInt32(&stop, 1)
	runtime.GOMAXPROCS(threads)
	must(true, "busy loops are preempted")
}

func nilRead(p *int) (caught bool) {
	defer func() { caught = recover() != nil }()
	return *p == 0
}

func nils() {
	var wait sync.WaitGroup
	var caught int64

	for i := 0; i < 50; i++ {
		wait.Add(1)
		go func() {
			defer wait.Done()
			if nilRead(nil) {
				atomic.AddInt64(&caught, 1)
			}
		}()
	}
	wait.Wait()
	must(caught == 50, "%d nil pointers", caught)
}

func signals() {
	got := make(chan os.Signal, 1)
	signal.Notify(got, syscall.SIGUSR2)
	for i := 0; i < 10; i++ {
		must(exec.Command("sh", "-c", "kill -USR2 "+strconv.Itoa(os.Getpid())).Run() == nil, "signal %d", i)
		<-got
	}
	child := exec.Command("sleep", "1000")
	must(child.Start() == nil && child.Process.Kill() == nil, "a child is killed")
	must(child.Wait().Error() == "signal: killed", "and says so")
}

func connections() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(err == nil, "a server")
	go func() {
		for {
			peer, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				io.Copy(peer, peer)
				peer.Close()
			}()
		}
	}()
	var wait sync.WaitGroup
	var total int64
	for i := 0; i < 30; i++ {
		wait.Add(1)
		go func(size int) {
			defer wait.Done()
			peer, err := net.Dial("tcp", listener.Addr().String())
			if err != nil {
				return
			}
			go func() {
				peer.Write(make([]byte, size))
				peer.(*net.TCPConn).CloseWrite()
			}()
			n, _ := io.Copy(io.Discard, peer)
			atomic.AddInt64(&total, n)
			peer.Close()
		}(10000 + i)
	}
	wait.Wait()
	listener.Close()
	must(total == 30*10000+435, "%d bytes by 30 connections", total)
}

func garbage() {
	var wait sync.WaitGroup
	var bad int64

	for t := 0; t < 8; t++ {
		wait.Add(1)
		go func() {
			defer wait.Done()
			var kept [][]int
			for i := 0; i < 5000; i++ {
				block := make([]int, 300)
				block[i%300] = i
				if i%50 == 0 {
					kept = append(kept, block)
				}
			}
			for i, block := range kept {
				if block[i*50%300] != i*50 {
					atomic.AddInt64(&bad, 1)
				}
			}
		}()
	}
	wait.Wait()
	runtime.GC()
	must(bad == 0, "what is in use stays")
}

func main() {
	sums()
	channels()
	preemption()
	nils()
	signals()
	connections()
	garbage()
	must(true, "all well, %d CPUs", runtime.NumCPU())
}
